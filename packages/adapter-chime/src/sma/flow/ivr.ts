import type { CallNotice } from '@onrecord/core';
import type { SmaAction, SmaEvent } from '../event/sma-event.ts';
import type { SmaTurn } from './collect-turn.ts';

/** What the application's own call flow wants done. Recording actions are the turn's business, never part of it. */
export interface IvrAnswer {
  /** Done first; a recording action of ours follows as the last of the same answer. */
  readonly before?: readonly SmaAction[] | undefined;
  /** Done once that recording action was reported, successful or not; at once when there is none. */
  readonly after?: readonly SmaAction[] | undefined;
  /** Done before `after` when the recording action failed. */
  readonly onRecordingFailed?: readonly SmaAction[] | undefined;
  /** Replaces the application's transaction attributes as a whole; omitted, they stay. At most 9. */
  readonly attributes?: { readonly [name: string]: string } | undefined;
}

export interface IvrContext {
  /** Sessions of the leg that are not over, oldest first. */
  readonly sessionIds: readonly string[];
  /** What the flow was told in this invocation. */
  readonly notices: readonly CallNotice[];
  /** Commands on the leg that the event is about: the place to end a secure section once the digits are there. */
  readonly turn: SmaTurn;
  /** With `onCutOff: 'ask'`: what a command of another process is about to replace. */
  readonly cutOff: readonly SmaAction[];
  /** With INVALID_LAMBDA_RESPONSE: the application's actions of the answer that was refused. They did not run. */
  readonly refused: readonly SmaAction[];
  /** Waiting actions that held a join token and whose process is gone: make them anew. */
  readonly lost: readonly SmaAction[];
}

/**
 * The application's call flow: called for each invocation that is its own, that is, not for the report of an action of
 * ours while actions of its own are waiting.
 */
export type Ivr = (event: SmaEvent, context: IvrContext) => IvrAnswer | undefined | Promise<IvrAnswer | undefined>;
