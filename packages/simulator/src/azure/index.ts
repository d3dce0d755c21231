export { azureFaults } from './azure-faults.ts';
export { type AzureBehaviour, defaultBehaviour, type RecordingCommand as AzureRecordingCommand } from './behaviour.ts';
export type { CallPlacement } from './call/placement.ts';
export { PLAY_FAILURES, type PlayFailure, type PromptOptions as AzurePromptOptions } from './call/prompt-source.ts';
export type { CallConnectionState, SimulatedAzureCall } from './call/simulated-azure-call.ts';
export type { EventSchema } from './event-grid/grid-event.ts';
export { EventGridHandshakeError } from './event-grid/handshake.ts';
export type { EventGridSubscription, GridDelivery, SubscriptionRequest } from './event-grid/subscription.ts';
export type { CallbackDelivery } from './events/callback-sender.ts';
export type { CallbackEvent } from './events/cloud-event.ts';
export type {
  EventFault as AzureEventFault,
  EventFaultRule as AzureEventFaultRule,
  EventFaultScript as AzureEventFaultScript,
  OutgoingEvent as AzureOutgoingEvent,
} from './events/event-faults.ts';
export { CALLBACK_ISSUER } from './events/token-issuer.ts';
export type { AzureOptions } from './options.ts';
export type { ExportedFile } from './recording/recording-files.ts';
export { type SelfSignedCertificate, selfSignedCertificate } from './server/certificate.ts';
export type { AzureRequest } from './server/journal.ts';
export type { AzureAddress, SimulatedAzure } from './simulated-azure.ts';
export { startAzure } from './start-azure.ts';
