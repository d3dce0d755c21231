import type { ErrorCode } from '../errors/codes.ts';

export const commandKinds = ['start', 'pause', 'resume', 'stop', 'discard'] as const;

export type CommandKind = (typeof commandKinds)[number];

/**
 * One thing asked of a recording. It has three moments: *recorded* here, with id and ordinal, before anything is sent;
 * *accepted* when the provider took it or the action left with the answer; *confirmed* when the fold of the reports
 * says that it happened (see `CommandOutcome` in the snapshot).
 */
export interface Command {
  /** UUID; travels with the request wherever the provider lets it. */
  readonly id: string;
  /** Position within the session, from 1, without gaps: the causal order. */
  readonly ordinal: number;
  /** What the program asked for. */
  readonly kind: CommandKind;
  /**
   * What the driver is told to do. Differs from `kind` where an emulation stands in: `pause` by segments sends `stop`
   * to its part, `resume` sends `start` to a new one.
   */
  readonly sends: CommandKind;
  readonly partId: string;
  readonly recordedAt: string;
  /** Nobody asked for it: the provider began by itself, and the session was made when that was learned. */
  readonly adopted?: true | undefined;
  /** Idempotency token for the provider, so that any process can repeat the same request. */
  readonly token: string;
  /** When the first attempt left, if one did; set before it leaves. */
  readonly firstSentAt?: string | undefined;
  readonly acceptedAt?: string | undefined;
  /** Our answer was lost: the provider may or may not have executed it. */
  readonly answerLost?: boolean | undefined;
  /** The provider, or a guard of ours, said no: it did not happen. */
  readonly refused?: { readonly code: ErrorCode; readonly message: string; readonly at: string } | undefined;
  /**
   * Milliseconds from `recordedAt` until it is given up, where that is more than its kind is given: the provider tells of
   * this one only when it is over, e.g. of a message that a caller speaks.
   */
  readonly confirmWithinMs?: number | undefined;
  /** Given up on: not confirmed by its deadline. It may still turn out to have happened. */
  readonly timedOutAt?: string | undefined;
  /** `secure` marks the pause and resume of a secure section. */
  readonly purpose?: 'secure' | undefined;
  /** Milliseconds a durable secure section may last, on its pause. */
  readonly maxMs?: number | undefined;
  /** When a secure section outlived its `maxMs`; the recording stays paused. */
  readonly expiredAt?: string | undefined;
}
