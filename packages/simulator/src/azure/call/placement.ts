import type { VirtualCall } from '../../call/virtual-call.ts';

/** How a conversation becomes a call that the application controls. */
export interface CallPlacement {
  readonly call: VirtualCall;
  /** Where the call's events go; what the application would have given when it answered or created the call. */
  readonly callbackUri: string;
  /** Without it the service cannot speak text; it cannot be added later. */
  readonly cognitiveServicesEndpoint?: string | undefined;
  /** Echoed in `CallConnected` and `CallDisconnected`. */
  readonly operationContext?: string | undefined;
  /** Makes the call findable by `groupCallLocator`. */
  readonly groupCallId?: string | undefined;
  /** Makes the call findable by `roomCallLocator`; see `AzureBehaviour.roomStart`. */
  readonly roomId?: string | undefined;
}
