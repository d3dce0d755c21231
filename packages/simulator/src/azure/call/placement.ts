import type { Hosting } from './conversation.ts';

/** What the application gives when it answers, creates or connects to a call. */
export interface Connecting {
  /** Where the call's events go. */
  readonly callbackUri: string;
  /** Without it the service cannot speak text; it cannot be added later. */
  readonly cognitiveServicesEndpoint?: string | undefined;
  /** Echoed in `CallConnected` and `CallDisconnected`. */
  readonly operationContext?: string | undefined;
}

/** How a conversation becomes a call that the application controls. */
export interface CallPlacement extends Hosting, Connecting {}
