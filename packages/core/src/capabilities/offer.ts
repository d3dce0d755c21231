import type { Output } from '../format/output.ts';
import type { AnnounceCapability, Capabilities, Fidelity, PauseCapability, PauseEffect } from './capabilities.ts';
import type { Requirement } from './requirement.ts';

/** Whether a verb exists on a recorder's type: surely, perhaps (`… | undefined`), or not at all. */
export type Presence = 'always' | 'maybe' | 'never';

/** What a recorder offers, on the type level; derived from a driver's capability literal, never written by hand. */
export interface Offer {
  readonly output: Output;
  readonly pause: Presence;
  /** What a pause may be asked to do to the file. Absent: any effect, as far as types know. */
  readonly pauseEffect?: PauseEffect | undefined;
  readonly discard: Presence;
  readonly announce: Presence;
}

/** Emulations a program may switch on; what they stand for is marked in record, events and report. */
export type Emulation = 'pause-by-segments';

/** The offer of a driver. A capability that is only known at run time (`false | …`) counts as absent: require it. */
export interface OfferOf<C extends Capabilities, E extends Emulation = never> {
  readonly output: C['outputs'][number];
  readonly pause: [C['pause']] extends [PauseCapability]
    ? 'always'
    : 'pause-by-segments' extends E
      ? 'always'
      : 'never';
  readonly pauseEffect: [C['pause']] extends [infer P extends PauseCapability]
    ? P['effects'][number]
    : 'pause-by-segments' extends E
      ? 'segmented'
      : never;
  readonly discard: [C['discard']] extends [Fidelity] ? 'always' : 'never';
  readonly announce: [C['announce']] extends [AnnounceCapability] ? 'always' : 'never';
}

type StrengthOf<V> = V extends 'required' | 'preferred'
  ? V
  : V extends { readonly strength: infer S extends 'required' | 'preferred' }
    ? S
    : V extends object
      ? 'required'
      : never;

type Require<Now extends Presence, V> = [V] extends [undefined]
  ? Now
  : StrengthOf<V> extends 'required'
    ? 'always'
    : Now extends 'always'
      ? 'always'
      : 'maybe';

type Asked<R extends Requirement, K extends keyof Requirement> = K extends keyof R ? R[K] : undefined;

/** What a start under an offer may name as the effect of its pauses. */
export type EffectOf<O extends Offer> = O extends { readonly pauseEffect: infer F extends PauseEffect }
  ? F
  : PauseEffect;

/** Effects that are asked for are those to choose from; of a pause that is only known at run time it may be any. */
type NarrowEffect<Now extends PauseEffect, V> = V extends { readonly effects: readonly (infer F extends PauseEffect)[] }
  ? F
  : [V] extends [undefined]
    ? Now
    : [Now] extends [never]
      ? PauseEffect
      : Now;

/** The offer after `require(requirement)`: what was required is there, what was preferred may be. */
export interface Narrow<O extends Offer, R extends Requirement> {
  readonly output: Asked<R, 'outputs'> extends readonly Output[] ? NonNullable<R['outputs']>[number] : O['output'];
  readonly pause: Require<O['pause'], Asked<R, 'pause'>>;
  readonly pauseEffect: NarrowEffect<EffectOf<O>, Asked<R, 'pause'>>;
  readonly discard: Require<O['discard'], Asked<R, 'discard'>>;
  readonly announce: Require<O['announce'], Asked<R, 'announce'>>;
}

/** The least offer that meets a requirement: what a workflow may rely on whatever the provider. */
export type OfferFor<R extends Requirement> = Narrow<
  {
    readonly output: Output;
    readonly pause: 'never';
    readonly pauseEffect: never;
    readonly discard: 'never';
    readonly announce: 'never';
  },
  R
>;

/** A member that exists always, perhaps, or not. */
export type Member<P extends Presence, M extends object> = P extends 'always'
  ? M
  : P extends 'maybe'
    ? { readonly [K in keyof M]: M[K] | undefined }
    : unknown;
