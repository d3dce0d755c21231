import type { WireIdentifier } from './identifier.ts';
import type { Connecting } from './placement.ts';
import type { PlayFailure } from './prompt-source.ts';

/** How a leg began. */
export type LegOrigin = 'answer' | 'create' | 'connect';

/** By origin, the event that says that a leg failed. */
export const failureEvents: Readonly<Record<LegOrigin, string>> = {
  answer: 'AnswerFailed',
  create: 'CreateCallFailed',
  connect: 'ConnectFailed',
};

export interface LegOptions {
  readonly connecting: Connecting;
  readonly origin: LegOrigin;
  /** Whom a created call was made to. @default whoever is present */
  readonly targets?: readonly WireIdentifier[] | undefined;
  /** Set: instead of connecting, the leg ends with the event of its origin. */
  readonly failure?: PlayFailure | undefined;
  /** Called when the leg connects, before its events. */
  readonly whenConnected?: (() => void) | undefined;
}
