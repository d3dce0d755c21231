/** The commands of a recording whose settling takes time. */
export type RecordingCommand = 'start' | 'pause' | 'resume' | 'stop';

/**
 * What the service's documentation leaves open, or varies. Every default is a choice, not a fact, unless a source is
 * named; an adapter must work with every value.
 */
export interface AzureBehaviour {
  /** Status of a start: the recorded traffic has 200, the description (2025-06-15 on) allows both. @default 200 */
  readonly startStatus: 200 | 202;
  /** Time from accepting a command until it takes effect, ms. Commands take effect in the order given. @default 2000 */
  readonly settleMs: number | ((command: RecordingCommand) => number);
  /** Time from placing a call until `CallConnected`, ms. @default 500 */
  readonly connectMs: number;
  /** Time from the end of a recording until its file event, ms; documented as "a few minutes". @default 60000 */
  readonly fileDelayMs: number;
  /** Sub-code of a second start in one call; both are documented. @default '8559' */
  readonly duplicateStart: '8553' | '8559';
  /** A command while an earlier one has not settled: taken in turn, or refused with 409/8571. @default 'queue' */
  readonly overlappingCommands: 'queue' | 'conflict';
  /** Pausing what is paused, resuming what is not: accepted without effect, or refused with 400/8573. @default 'accept' */
  readonly redundantCommands: 'accept' | 'refuse';
  /** Answer to a command on, or a query for, a recording that ended with its call. @default '8522' (404) */
  readonly endedWithCall: '8501' | '8522' | '8528';
  /**
   * What our own leg's leaving does to a recording that we began; `InitiatorLeft` is documented as an end reason, when it
   * comes is not. @default 'recording-continues'
   */
  readonly initiatorLeaves: 'recording-continues' | 'recording-ends';
  /** Longest recording, ms from its start; sub-code 8515 says that there is a limit, its value was not found. @default Infinity */
  readonly maxRecordingMs: number;
  /** Answer to a command on, or a query for, a recording that reached it: 404/8522 or 400/8515. @default '8522' */
  readonly endedAtLimit: '8515' | '8522';
  /** `sessionEndReason` of a recording that reached it; not documented. @default 'MaximumDurationReached' */
  readonly limitEndReason: string;
  /** Answer to a repeatability id that comes back with another body. @default 409 */
  readonly repeatabilityMismatch: 400 | 409;
  /** Start by room id, "not supported" by the description: 400/8523, 405/8520, or accepted. @default '8523' */
  readonly roomStart: '8520' | '8523' | 'accept';
  /** Answer to an `incomingCallContext` that nobody gave out: 400/8523, or 404/8522. @default '8523' */
  readonly unknownIncomingCall: '8522' | '8523';
  /** Answer to a `groupCallId` that no call has: 404/8522, 404/8543, or 400/8548 "not a group call". @default '8522' */
  readonly unknownGroupCall: '8522' | '8543' | '8548';
  /**
   * Start of a recording of a Teams Phone call by anything but `callConnectionId`, which is the documented way:
   * 400/8523, 405/8520, or accepted. @default '8523'
   */
  readonly teamsPhoneLocatorStart: '8520' | '8523' | 'accept';
  /** Status of a start there: the description has 200 and 202, the quickstart 204 without a body. @default 202 */
  readonly teamsPhoneStartStatus: 200 | 202 | 204;
  /** Where the recording's id is first said; with 204 always in the event. @default 'in-answer' */
  readonly teamsPhoneRecordingId: 'in-answer' | 'in-event';
  /** What is recorded there; the quickstart says "use" audio and WAV. @default 'audio-wav' */
  readonly teamsPhoneOutputs: 'audio-wav' | 'all';
  /** `pauseOnStart` there, which no page mentions. @default 'accept' */
  readonly teamsPhonePauseOnStart: 'accept' | 'refuse';
  /** `channelAffinity` and `audioChannelParticipantOrdering` there, which no page mentions. @default 'accept' */
  readonly teamsPhoneChannels: 'accept' | 'refuse';
  /** `recordingKind` there; not stated. @default 'azureCommunicationServices' */
  readonly teamsPhoneRecordingKind: 'azureCommunicationServices' | 'teams' | 'teamsCompliance';
  /**
   * What people on the telephone are told by Teams Phone itself when a recording starts or pauses (documented); whether
   * that reaches a mixed recording is not. @default 'recorded'
   */
  readonly teamsPhoneAnnouncements: 'recorded' | 'unrecorded' | 'none';
  /** Whether `RecordingStateChanged` with `inactive` is sent when a pause takes effect. @default true */
  readonly pauseEvent: boolean;
  /** Whether `PlayStarted`, which no documentation table lists, is sent. @default false */
  readonly playStarted: boolean;
  /** Whether prompts played to everyone are in a mixed recording; reported missing in python#36880. @default true */
  readonly promptsInMixed: boolean;
  /**
   * Text or SSML on a call placed without `cognitiveServicesEndpoint`: refused with 400/8567, or `PlayFailed`
   * 400/8565 after a 202. @default 'refuse'
   */
  readonly speechWithoutAi: 'refuse' | 'play-failed';
  /** Channels of an unmixed file: up to the highest assigned one, or always five. @default 'assigned' */
  readonly unmixedChannels: 'assigned' | 'five';
  /**
   * Whoever is first heard on an unmixed recording when all five channels are taken: in no file, or on the last channel
   * beside another; not stated. @default 'unrecorded'
   */
  readonly extraVoices: 'unrecorded' | 'on-last-channel';
  /** What `chunkDuration` and `recordingDurationMs` count: the file's length, or wall time with pauses. @default 'media' */
  readonly durations: 'media' | 'wall';
  /** Longest chunk, ms of captured sound; documented. @default 14400000 (4 hours) */
  readonly maxChunkMs: number;
  /**
   * Largest file, bytes at the documented rate of its format; `ChunkMaximumSizeExceeded` says that there is a limit, its
   * value was not found. @default Infinity
   */
  readonly maxChunkBytes: number;
  /** Host of files: by region, and in other clouds and products in other domains. @default 'storage.asm.skype.com' */
  readonly storageHost: string;
  /** Last part of the address of an audio file; of video it is `video`, of audio it was not seen. @default 'audio' */
  readonly audioContentName: string;
  /** `Range` of a download: honoured, or answered with 200 and the whole file; not documented. @default 'honoured' */
  readonly byteRanges: 'honoured' | 'ignored';
  /** How long a file can be fetched, ms; documented as 24 hours (48 before 2023). @default 86400000 */
  readonly retentionMs: number;
  /** `sessionEndReason` of a recording stopped by command; `CallEnded` is the only value seen. @default 'CallEnded' */
  readonly stoppedEndReason: string;
  /** `contentType` and `channelType` of metadata: under each other's name as in recorded traffic, or as documented. @default 'swapped' */
  readonly metadataTypes: 'swapped' | 'documented';
  /** `sampleRate` of metadata: a number as in recorded traffic, or a string as in the documentation. @default 'number' */
  readonly metadataSampleRate: 'number' | 'string';
  /** `version` of metadata, which the .NET SDK knows and recorded traffic lacks. @default undefined, left out */
  readonly metadataVersion: string | undefined;
  /** How often a file is tried to be written into the customer's container before the export fails. @default 1 */
  readonly exportAttempts: number;
  /**
   * What a file that cannot be written there does: every file of the recording stays with the service, or this one alone;
   * not stated. @default 'keeps-all'
   */
  readonly failedExport: 'keeps-all' | 'keeps-one';
  /**
   * Names of files in the customer's container: `0-audiomp3.{documentId}.mp3` as the quickstart has them, or
   * `0-audiomp3.mp3` as public programs read them. @default 'documented'
   */
  readonly blobNames: 'documented' | 'without-document-id';
  /** `storageType` of files in the customer's container; documented as "AzureBlob etc.". @default 'AzureBlob' */
  readonly blobStorageType: string;
  /** `deleteLocation` of such files: the blob itself, or absent. @default 'blob' */
  readonly blobDeleteLocation: 'blob' | 'none';
  /** One file event for all files of a recording, or one for each; only single files were seen. @default 'one' */
  readonly fileEvents: 'one' | 'per-file';
  /** Files within one event, and events of one file each: by chunk index, or the last first. @default 'ascending' */
  readonly fileOrder: 'ascending' | 'descending';
  /**
   * Fields of a file event: those seen in 2026, or those of the quickstart's schema, which lacks the recording's id, its
   * types and the storage type. @default 'current'
   */
  readonly fileEventFields: 'current' | 'documented';
  /** Files of a recording that failed over: announced part by part, or all at its end in one event. @default 'one-each' */
  readonly failOverEvents: 'one-each' | 'together';
  /** Form of the file event's subject; all four were seen. @default 'server-call-and-recording' */
  readonly subject: 'server-call-and-recording' | 'recording' | 'server-call' | 'call';
  /** Callback data as today (`version`, `publicEventType`) or as in 2022 (`type`). @default 'current' */
  readonly eventShape: 'current' | '2022';
  /** Whether `CallConnected` carries the serverCallId; a 2022 one did not. @default true */
  readonly serverCallIdInCallConnected: boolean;
  /** `CallConnected` and the first `ParticipantsUpdated` as two posts, or in one array. @default 'single' */
  readonly connectBurst: 'single' | 'one-array';
}

export const defaultBehaviour: AzureBehaviour = {
  startStatus: 200,
  settleMs: 2_000,
  connectMs: 500,
  fileDelayMs: 60_000,
  duplicateStart: '8559',
  overlappingCommands: 'queue',
  redundantCommands: 'accept',
  endedWithCall: '8522',
  initiatorLeaves: 'recording-continues',
  maxRecordingMs: Number.POSITIVE_INFINITY,
  endedAtLimit: '8522',
  limitEndReason: 'MaximumDurationReached',
  repeatabilityMismatch: 409,
  roomStart: '8523',
  unknownIncomingCall: '8523',
  unknownGroupCall: '8522',
  teamsPhoneLocatorStart: '8523',
  teamsPhoneStartStatus: 202,
  teamsPhoneRecordingId: 'in-answer',
  teamsPhoneOutputs: 'audio-wav',
  teamsPhonePauseOnStart: 'accept',
  teamsPhoneChannels: 'accept',
  teamsPhoneRecordingKind: 'azureCommunicationServices',
  teamsPhoneAnnouncements: 'recorded',
  pauseEvent: true,
  playStarted: false,
  promptsInMixed: true,
  speechWithoutAi: 'refuse',
  unmixedChannels: 'assigned',
  extraVoices: 'unrecorded',
  durations: 'media',
  maxChunkMs: 4 * 3_600_000,
  maxChunkBytes: Number.POSITIVE_INFINITY,
  storageHost: 'storage.asm.skype.com',
  audioContentName: 'audio',
  byteRanges: 'honoured',
  retentionMs: 24 * 3_600_000,
  stoppedEndReason: 'CallEnded',
  metadataTypes: 'swapped',
  metadataSampleRate: 'number',
  metadataVersion: undefined,
  exportAttempts: 1,
  failedExport: 'keeps-all',
  blobNames: 'documented',
  blobStorageType: 'AzureBlob',
  blobDeleteLocation: 'blob',
  fileEvents: 'one',
  fileOrder: 'ascending',
  fileEventFields: 'current',
  failOverEvents: 'one-each',
  subject: 'server-call-and-recording',
  eventShape: 'current',
  serverCallIdInCallConnected: true,
  connectBurst: 'single',
};
