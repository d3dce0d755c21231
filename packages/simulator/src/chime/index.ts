export type { Delivery, DeliveryFault, DeliveryFaults } from './delivery-faults.ts';
export * from './events/event-bridge.ts';
export type { EventBridgeEvent } from './events/event-bridge-event.ts';
export type { EventFaults } from './events/event-faults.ts';
export type { InsightsFault, InsightsFaults, InsightsStep } from './insights/insights-faults.ts';
export type { InsightsOptions } from './insights/insights-options.ts';
export type { KinesisData, KinesisEvent } from './insights/kinesis-data.ts';
export type { KvsSource, KvsStream } from './insights/kinesis-video.ts';
export type { Published } from './live/live-connector-pipeline.ts';
export type { LiveOptions } from './live/live-options.ts';
export type { Attendee } from './meetings/attendee.ts';
export type {
  Capabilities as AttendeeCapabilities,
  MeetingActivity,
  TranscriptionChange,
} from './meetings/meeting-activity.ts';
export type { MeetingOptions } from './meetings/meeting-options.ts';
export type { NewMeeting } from './meetings/meetings-service.ts';
export type { Joining, SimulatedMeeting } from './meetings/simulated-meeting.ts';
export type { BucketAction, BucketPolicy, ObjectStore, ServicePrincipal } from './object-store.ts';
export type {
  ConcatenationAttempt,
  ConcatenationFault,
  ConcatenationFaults,
} from './pipelines/concatenation-faults.ts';
export type { PipelineOptions } from './pipelines/pipeline-options.ts';
export type { SimulatedChime } from './simulated-chime.ts';
export type { ActionFaults } from './sma/action-faults.ts';
export type { JournalledInvocation, LambdaTarget } from './sma/lambda.ts';
export type { PauseTone } from './sma/leg-recording.ts';
export type { Phone } from './sma/phone-book.ts';
export type { MessageName, RecordAudioOptions } from './sma/record-audio-options.ts';
export type { FailoverOptions } from './sma/route.ts';
export type { InboundCall, Routing, SipMediaApplication } from './sma/sip-media-application.ts';
export { SipRule, type SipRuleOptions, type SipRuleTarget } from './sma/sip-rule.ts';
export type { PressOptions, SmaCall, SmaLeg } from './sma/sma-call.ts';
export type {
  ActionData,
  CallDetails,
  InvocationEventType,
  ParticipantTag,
  SmaAction,
  SmaEvent,
  SmaParticipant,
} from './sma/sma-event.ts';
export type { ActionError, PauseLimits, SmaOptions } from './sma/sma-options.ts';
export type { EventForms } from './sma/wire-event.ts';
export { type ChimeOptions, startChime } from './start-chime.ts';
export type { KinesisVideoStream, StreamSession } from './streams/kinesis-video-stream.ts';
export type { StreamOptions } from './streams/stream-options.ts';
export type { NewConnectorCall, VoiceConnectorCall } from './voice-connectors/voice-connector-call.ts';
export type { VoiceConnector } from './voice-connectors/voice-connectors.ts';
export type { ErrorName, ServiceName } from './wire/operation.ts';
export type { JournalledRequest } from './wire/server.ts';
export { type ChimeErrorOptions, chimeErrorAnswer } from './wire/service-error.ts';
