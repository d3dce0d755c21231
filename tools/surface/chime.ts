import { rows, type Surface, type SurfaceRow } from './row.ts';

const operations: Readonly<Record<string, readonly string[]>> = {
  'Media pipelines API': [
    'CreateMediaCapturePipeline',
    'GetMediaCapturePipeline',
    'ListMediaCapturePipelines',
    'DeleteMediaCapturePipeline',
    'CreateMediaConcatenationPipeline',
    'CreateMediaLiveConnectorPipeline',
    'CreateMediaStreamPipeline',
    'GetMediaPipeline',
    'ListMediaPipelines',
    'DeleteMediaPipeline',
    'CreateMediaPipelineKinesisVideoStreamPool',
    'GetMediaPipelineKinesisVideoStreamPool',
    'UpdateMediaPipelineKinesisVideoStreamPool',
    'DeleteMediaPipelineKinesisVideoStreamPool',
    'ListMediaPipelineKinesisVideoStreamPools',
    'CreateMediaInsightsPipelineConfiguration',
    'GetMediaInsightsPipelineConfiguration',
    'UpdateMediaInsightsPipelineConfiguration',
    'DeleteMediaInsightsPipelineConfiguration',
    'ListMediaInsightsPipelineConfigurations',
    'CreateMediaInsightsPipeline',
    'UpdateMediaInsightsPipelineStatus',
    'TagResource',
    'UntagResource',
    'ListTagsForResource',
  ],
  'Voice API': [
    'CreateSipMediaApplicationCall',
    'UpdateSipMediaApplicationCall',
    'PutVoiceConnectorStreamingConfiguration',
    'GetVoiceConnectorStreamingConfiguration',
    'DeleteVoiceConnectorStreamingConfiguration',
    'CreateVoiceConnector',
  ],
  'Meetings API': ['CreateMeeting', 'GetMeeting', 'DeleteMeeting'],
};

const actions = [
  'StartCallRecording',
  'StopCallRecording',
  'PauseCallRecording',
  'ResumeCallRecording',
  'RecordAudio',
  'Speak',
  'SpeakAndGetDigits',
  'PlayAudio',
  'PlayAudioAndGetDigits',
  'ReceiveDigits',
  'CallAndBridge',
  'JoinChimeMeeting',
  'Pause',
  'Hangup',
];

const invocations = [
  'NEW_INBOUND_CALL',
  'NEW_OUTBOUND_CALL',
  'RINGING',
  'CALL_ANSWERED',
  'CALL_UPDATE_REQUESTED',
  'ACTION_SUCCESSFUL',
  'ACTION_FAILED',
  'ACTION_INTERRUPTED',
  'DIGITS_RECEIVED',
  'HANGUP',
  'INVALID_LAMBDA_RESPONSE',
];

const events: Readonly<Record<string, readonly string[]>> = {
  'Chime Meeting State Change': [
    'chime:MeetingStarted',
    'chime:MeetingEnded',
    'chime:AttendeeAdded',
    'chime:AttendeeDeleted',
    'chime:AttendeeAuthorized',
    'chime:AttendeeJoined',
    'chime:AttendeeLeft',
    'chime:AttendeeDropped',
    'chime:AttendeeVideoStarted',
    'chime:AttendeeVideoStopped',
    'chime:AttendeeContentJoined',
    'chime:AttendeeContentLeft',
    'chime:AttendeeContentDropped',
    'chime:AttendeeContentVideoStarted',
    'chime:AttendeeContentVideoStopped',
    'chime:AttendeeCapabilitiesUpdated',
    'chime:TranscriptionStarted',
    'chime:TranscriptionStopped',
    'chime:TranscriptionInterrupted',
    'chime:TranscriptionResumed',
    'chime:TranscriptionFailed',
  ],
  'Chime Media Pipeline State Change': [
    'chime:MediaPipelineInProgress',
    'chime:MediaPipelineTemporaryFailure',
    'chime:MediaPipelineResumed',
    'chime:MediaPipelinePermanentFailure',
    'chime:MediaPipelineDeleted',
    'chime:MediaPipelineKinesisVideoStreamStart',
    'chime:MediaPipelineKinesisVideoStreamEnd',
  ],
  'Chime Media Pipeline Kinesis Video Pool State Change': [
    'chime:MediaPipelineKinesisVideoStreamPoolActive',
    'chime:MediaPipelineKinesisVideoStreamPoolUpdated',
    'chime:MediaPipelineKinesisVideoStreamPoolDeleted',
    'chime:MediaPipelineKinesisVideoStreamPoolTemporaryFailure',
    'chime:MediaPipelineKinesisVideoStreamPoolPermanentFailure',
  ],
  'Media Insights State Change': [
    'chime:MediaInsightsCreated',
    'chime:MediaInsightsCreateFailed',
    'chime:MediaInsightsInProgress',
    'chime:MediaInsightsPaused',
    'chime:MediaInsightsStopped',
    'chime:MediaInsightsTemporaryFailure',
    'chime:MediaInsightsPermanentFailure',
  ],
};

const others: readonly SurfaceRow[] = [
  ...['STARTED', 'ENDED', 'FAILED', 'UPDATED'].map((status) => ({
    group: 'Event `Chime VoiceConnector Streaming Status`',
    name: status,
    also: new RegExp(`Streaming Status\\b.*\\b${status}\\b`),
  })),
  { group: 'Other events', name: 'Media Insights Rules Matched' },
  { group: 'Other events', name: 'S3 notification', also: /S3 notification|ObjectCreated/i },
  { group: 'Other events', name: 'Object Created', also: /Object Created/ },
  { group: 'Other events', name: 'Kinesis Recording record', also: /Recording record/i },
];

/**
 * Everything that the Amazon Chime SDK offers to record by, or tells of recordings: API operations, actions of a SIP media
 * application, events.
 */
export const chime: Surface = {
  adapter: 'adapter-chime',
  simulator: 'chime',
  tableTests: /operations\.test|documented-events\.test|action-rules\.test|requests\.test/,
  rows: [
    ...rows(operations),
    ...rows({ 'SIP media application action': actions, 'SIP media application invocation': invocations }),
    ...rows(Object.fromEntries(Object.entries(events).map(([type, names]) => [`Event \`${type}\``, names]))),
    ...others,
  ],
};
