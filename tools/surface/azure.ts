import { rows, type Surface } from './row.ts';

const operations: Readonly<Record<string, readonly string[]>> = {
  'Recording operation': [
    'StartRecording',
    'GetRecordingProperties',
    'StopRecording',
    'PauseRecording',
    'ResumeRecording',
    'DownloadContent',
    'DownloadMetadata',
    'DeleteContent',
  ],
  'Call operation': ['Play', 'AnswerCall', 'CreateCall', 'Connect'],
};

const fields: Readonly<Record<string, readonly string[]>> = {
  'Field of a start': [
    'callConnectionId',
    'serverCallLocator',
    'groupCallLocator',
    'roomCallLocator',
    'recordingStateCallbackUri',
    'recordingContentType',
    'recordingChannelType',
    'recordingFormatType',
    'audioChannelParticipantOrdering',
    'channelAffinity',
    'pauseOnStart',
    'externalStorage',
    'Repeatability-Request-ID',
    'Repeatability-First-Sent',
  ],
  'Field of a play': [
    'playSources',
    'playTo',
    'loop',
    'operationContext',
    'operationCallbackUri',
    'interruptCallMediaOperation',
    'customVoiceEndpointId',
    'playSourceCacheId',
  ],
  'Field of a metadata file': [
    'contentType',
    'channelType',
    'format',
    'chunkDocumentId',
    'chunkIndex',
    'chunkStartTime',
    'chunkDuration',
    'pauseResumeIntervals',
    'audioConfiguration',
    'participants',
  ],
};

const options: Readonly<Record<string, readonly string[]>> = {
  'Option of the adapter': [
    'connectionString',
    'endpoint',
    'credential',
    'client-secret',
    'client-certificate',
    'managed-identity',
    'workload-identity',
    'authorityHost',
    'scope',
    'disableInstanceDiscovery',
    'profile',
    'attempt',
    'rooms',
    'recordingStorage',
    'containerUrl',
    'perRecording',
    'callbackUrl',
    'callbackSecret',
    'jwt.audience',
    'jwt.issuer',
    'jwt.jwksUrl',
    'jwt.clockSkewMs',
    'eventGrid.secret',
    'eventGrid.queue',
    'speech.language',
    'speech.voice',
    'speech.customVoiceEndpointId',
    'allowInsecureLoopback',
    'client',
  ],
  'Option of a start': [
    'reference',
    'channels',
    'channelAffinity',
    'audioChannelParticipantOrdering',
    'recordingStorage',
  ],
};

const events: Readonly<Record<string, readonly string[]>> = {
  'Callback event': [
    'RecordingStateChanged',
    'StartRecordingFailed',
    'CallConnected',
    'CallDisconnected',
    'ParticipantsUpdated',
    'PlayStarted',
    'PlayCompleted',
    'PlayFailed',
    'PlayCanceled',
    'AnswerFailed',
    'CreateCallFailed',
    'ConnectFailed',
    'CallTransferAccepted',
    'CallTransferFailed',
    'AddParticipantSucceeded',
    'AddParticipantFailed',
    'RecognizeCompleted',
    'RecognizeFailed',
    'RecognizeCanceled',
    'ContinuousDtmfRecognitionToneReceived',
    'ContinuousDtmfRecognitionToneFailed',
    'ContinuousDtmfRecognitionStopped',
  ],
  'Event Grid event': [
    'RecordingFileStatusUpdated',
    'SubscriptionValidationEvent',
    'SubscriptionDeletion',
    'IncomingCall',
  ],
};

/** Rows whose names are common words, or are shown best under another title. */
const coveredAs: Readonly<Record<string, RegExp>> = {
  callConnectionId: /never by both > callConnectionId$/,
  operationContext: /what is sent.*operationContext/,
  rooms: /rooms: 'attempt' adds them/,
  attempt: /is sent where the option attempt names it/,
  containerUrl: /lies where|own container|start-location/,
  client: /client > its HTTP client carries/,
  profile: /^capabilitiesFor > gives each profile its literal/,
};

/** Of `azure-call-recording.md`, `calls-and-announcements.md` and `azure-retirement-and-teams.md` of the fact sheets. */
const subCodes: readonly string[] = [
  ...['7500', '7501', '7502', '7504', '7507', '7509', '7510', '7604', '7605', '7606'],
  ...['8500', '8501', '8506', '8508', '8510', '8511', '8512', '8515', '8516', '8519', '8520', '8522', '8523', '8524'],
  ...['8525', '8528', '8529', '8530', '8532', '8535', '8536', '8543', '8548', '8553', '8556', '8557', '8559', '8562'],
  ...['8565', '8567', '8568', '8571', '8572', '8573', '8582', '8583', '8585', '8589', '8608'],
  ...['9001', '9002', '9003', '9999', '10057', '10105'],
];

/** Everything that Azure Call Automation offers to record by, or tells of recordings. */
export const azure: Surface = {
  adapter: 'adapter-azure',
  simulator: 'azure',
  tableTests: /schema\.test|reference\.test/,
  weak: /names of the vendor|what is wrong|is refused|that is none|is a yes/,
  rows: rows({ ...operations, ...fields, ...options, ...events, 'Sub-code of an error': subCodes }).map((row) => {
    const also = coveredAs[row.name];
    return also ? { ...row, also } : row;
  }),
};
