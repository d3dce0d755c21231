export { smaActionError } from './action-error.ts';
export type { AnnounceOptions } from './announce-action.ts';
export { type SmaLeg, type SmaLegData, smaLeg } from './call-ref.ts';
export { type ChimeSmaCapabilities, chimeSmaCapabilities } from './capabilities.ts';
export type {
  InvocationEventType,
  SmaAction,
  SmaActionData,
  SmaCallDetails,
  SmaEvent,
  SmaParticipant,
  SmaResponse,
} from './event/sma-event.ts';
export type { SmaTurn, SmaTurnStart } from './flow/collect-turn.ts';
export type { Ivr, IvrAnswer, IvrContext } from './flow/ivr.ts';
export { createSmaHandler, type SmaHandler, type SmaInvocation } from './handler.ts';
export type { HostedFlow, SmaHandlerOptions } from './host.ts';
export type { StoreOption } from './lazy-store.ts';
export type { ChimeSmaStartOptions, MessageOptions } from './message/message-options.ts';
export type { Landing } from './record-actions.ts';
export type { OnCutOff } from './turn/plan-answer.ts';
export {
  allTheCallerHears,
  callerBothWays,
  type VoiceChoice,
  type VoiceOptions,
  whatTheCalleeSays,
  whatTheCallerSays,
} from './voices.ts';
