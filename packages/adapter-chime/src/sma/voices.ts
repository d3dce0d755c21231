import type { Output } from '@onrecord/core';
import { type SmaLeg, smaLeg } from './call-ref.ts';
import type { SmaEvent } from './event/sma-event.ts';
import type { smaOutputs } from './outputs.ts';

/** Which leg to record and as what, for `turn.start` of an `ivr` or `recorder.start`. */
export interface VoiceChoice<L extends Output['layout']> {
  readonly call: SmaLeg;
  readonly output: Extract<(typeof smaOutputs)[number], { readonly layout: L }>;
}

export interface VoiceOptions {
  /** Name of the provider instance, as given to `createSmaHandler`. Not needed for `turn.start`. */
  readonly provider?: string | undefined;
}

/**
 * What the other party of a bridge says: the incoming track of LEG-B, or of the latest one where there were several
 * (developer guide, "Call recording tracks"). In one channel.
 *
 * @throws OnRecordError `not-found` while nobody is bridged.
 * @example
 * ```ts
 * if (event.ActionData?.Type === 'CallAndBridge') turn.start(whatTheCalleeSays(event));
 * ```
 */
export function whatTheCalleeSays(event: SmaEvent, options?: VoiceOptions): VoiceChoice<'incoming'> {
  return voice(event, 'LEG-B', 'incoming', options);
}

/**
 * What the caller says and nothing else: the incoming track of LEG-A. In one channel.
 * @throws OnRecordError `not-found` when the event has no LEG-A.
 */
export function whatTheCallerSays(event: SmaEvent, options?: VoiceOptions): VoiceChoice<'incoming'> {
  return voice(event, 'LEG-A', 'incoming', options);
}

/**
 * All that the caller hears: the outgoing track of LEG-A, so whoever is bridged, one after the other. In one channel.
 * @throws OnRecordError `not-found` when the event has no LEG-A.
 */
export function allTheCallerHears(event: SmaEvent, options?: VoiceOptions): VoiceChoice<'outgoing'> {
  return voice(event, 'LEG-A', 'outgoing', options);
}

/**
 * What the caller says, in channel 0, and all they hear, in channel 1: both tracks of LEG-A.
 * @throws OnRecordError `not-found` when the event has no LEG-A.
 */
export function callerBothWays(event: SmaEvent, options?: VoiceOptions): VoiceChoice<'separate'> {
  return voice(event, 'LEG-A', 'separate', options);
}

function voice<L extends 'separate' | 'incoming' | 'outgoing'>(
  event: SmaEvent,
  tag: string,
  layout: L,
  { provider }: VoiceOptions = {},
): VoiceChoice<L> {
  const call = smaLeg(event, tag, provider === undefined ? {} : { provider });
  const output = { media: 'audio', layout, container: 'wav' } as const;
  return { call, output: output as VoiceChoice<L>['output'] };
}
