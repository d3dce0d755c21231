import type { VirtualCall } from '../../call/virtual-call.ts';
import type { CallProfile } from './call-profile.ts';

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
  /** What carries the call; see the behaviours that begin with `teamsPhone`. @default 'acs-standalone' */
  readonly profile?: CallProfile | undefined;
}
