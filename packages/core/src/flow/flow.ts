import type { Announcement, Consent } from '../call/announcement.ts';
import type { CallNotice } from '../call/call-notice.ts';
import type { CallRef } from '../call/call-ref.ts';
import type { EffectOf, Member, Offer, OfferFor } from '../capabilities/offer.ts';
import type { Requirement } from '../capabilities/requirement.ts';
import type { RecordingEvent } from '../events/event.ts';
import type { JsonObject } from '../json.ts';

/** What a turn's `start` takes: the call is the turn's own. */
export interface TurnStart<O extends Offer = Offer> {
  /** Default: the output chosen from the flow's requirement. */
  readonly output?: O['output'] | undefined;
  readonly consent?: Consent | undefined;
  readonly labels?: { readonly [name: string]: string } | undefined;
  readonly startPaused?: boolean | undefined;
  /**
   * What pauses of this recording do to its file, where the provider can do it in several ways. Default: the first that
   * the requirement names and the provider offers, else the provider's first.
   */
  readonly pauseEffect?: EffectOf<O> | undefined;
  readonly maxDurationMs?: number | undefined;
  readonly providerOptions?: JsonObject | undefined;
}

export interface TurnBase<O extends Offer> {
  readonly call: CallRef;
  /** Sessions of this call that are not over, oldest first. */
  readonly sessionIds: readonly string[];
  /** Collects a start and returns the id the session will have. Takes effect when the turn ends. */
  start(request?: TurnStart<O>): string;
  stop(sessionId: string): void;
}

export interface TurnPause {
  pause(sessionId: string): void;
  resume(sessionId: string): void;
  /**
   * Pauses for card numbers. `secure.entered` follows once the pause is proven; only then may digits be asked for.
   * Past `maxMs` (milliseconds) comes `secure.expired`; the recording stays paused until `endSecure`.
   */
  secure(sessionId: string, options: { readonly maxMs: number }): void;
  /** Resumes after {@link TurnPause.secure}. */
  endSecure(sessionId: string): void;
}

export interface TurnAnnounce {
  /** Collects an announcement and returns its id, which `call.announced` will carry. */
  announce(announcement: Announcement): string;
}

/** Collects commands while a notice is handled; nothing in it waits. They take effect when the handler returns. */
export type Turn<O extends Offer = Offer> = TurnBase<O> &
  Member<O['pause'], TurnPause> &
  Member<O['announce'], TurnAnnounce>;

/** The portable workflow: written once, hosted by a web server (direct drivers) or by the Lambda (SMA). */
export interface Flow<R extends Requirement = Requirement> {
  readonly requirement: R;
  onCall?(notice: CallNotice, turn: Turn<OfferFor<R>>): void | Promise<void>;
  /** Events of the sessions, at least once, in order per session; delivered by the worker. */
  onRecording?(event: RecordingEvent): void | Promise<void>;
}

/**
 * Defines a workflow that names no provider.
 *
 * @example
 * ```ts
 * export const flow = defineFlow(
 *   { outputs: [{ media: 'audio', layout: 'separate', container: 'wav' }], announce: 'preferred' },
 *   {
 *     onCall(notice, turn) {
 *       if (notice.type === 'call.connected' && turn.announce) turn.announce({ text: 'This call is recorded.' });
 *       if (notice.type === 'call.announced') turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
 *     },
 *   },
 * );
 * ```
 */
export function defineFlow<const R extends Requirement>(
  requirement: R,
  handlers: {
    readonly onCall?: (notice: CallNotice, turn: Turn<OfferFor<R>>) => void | Promise<void>;
    readonly onRecording?: (event: RecordingEvent) => void | Promise<void>;
  },
): Flow<R> {
  return { requirement, ...handlers };
}
