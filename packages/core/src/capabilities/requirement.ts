import type { Output } from '../format/output.ts';
import type { AnnounceSource, PauseEffect } from './capabilities.ts';

/** `required` = start-up fails without it; `preferred` = it may be missing, and the start-up report says so. */
export type Strength = 'required' | 'preferred';

/** What a workflow needs of a provider. */
export interface Requirement {
  /** Ordered alternatives: at least one must be offered; the first one offered is chosen. */
  readonly outputs?: readonly Output[] | undefined;
  readonly pause?:
    | Strength
    | {
        readonly strength?: Strength | undefined;
        /** Acceptable effects, best first: the first that is offered is what a pause does. Default: any. */
        readonly effects?: readonly PauseEffect[] | undefined;
        readonly startPaused?: true | undefined;
      }
    | undefined;
  readonly announce?:
    | Strength
    | {
        readonly strength?: Strength | undefined;
        /** All that the workflow announces from: where one of them is not offered, nothing is. Default: text. */
        readonly sources?: readonly AnnounceSource[] | undefined;
      }
    | undefined;
  readonly discard?: Strength | undefined;
}
