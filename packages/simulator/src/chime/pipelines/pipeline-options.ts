/** Control regions that have media pipelines (developer guide, quotas of media pipelines); meetings are in more. */
const PIPELINE_REGIONS: readonly string[] = [
  'us-east-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-west-2',
];

/** Times and undocumented behaviour of media pipelines; every default is stated. */
export interface PipelineOptions {
  /** From creation to InProgress, in ms. @default 2_000 */
  readonly initializingMs?: number | undefined;
  /** Length of a chunk, in ms; the service writes at most about 5 s. @default 5_000 */
  readonly chunkMs?: number | undefined;
  /** From the stop to `Stopped` and MediaPipelineDeleted, in ms. @default 2_000 */
  readonly stoppingMs?: number | undefined;
  /** Work of a concatenation once its source has stopped, in ms. @default 5_000 */
  readonly concatenationMs?: number | undefined;
  /** Whether a concatenation never ends (its source stopped, and nothing comes). @default false */
  readonly concatenationStuck?: boolean | undefined;
  /** What GetMediaPipeline says of a concatenation that waits for its source. @default 'InProgress' */
  readonly waitingStatus?: 'InProgress' | 'Initializing' | undefined;
  /**
   * Names of the files that a concatenation makes of single cameras and shares: `<pipeline>-<attendee>`,
   * `<attendee>-<pipeline>` or `<attendee>`. @default 'pipeline-attendee'
   */
  readonly attendeeFiles?: 'pipeline-attendee' | 'attendee-pipeline' | 'attendee' | undefined;
  /** How microphones are called in `meeting-events`: as in files that were seen, or as documented. @default 'AttendeeMute' */
  readonly muteEvents?: 'AttendeeMute' | 'AudioTrackMute' | undefined;
  /** Whether the last line of `meeting-events` is there. @default 'written' */
  readonly captureEnded?: 'written' | 'missing' | undefined;
  /** Whether a capture sends MediaPipelineTemporaryFailure after its first chunk, and …Resumed after its second. @default false */
  readonly temporaryFailure?: boolean | undefined;
  /**
   * What chunks hold: what was said, or the same second over and over, which costs next to nothing and keeps the right
   * length: for meetings of hours. @default 'rendered'
   */
  readonly media?: 'rendered' | 'repeated' | undefined;
  /** Whether the region has media pipelines; elsewhere every operation is refused. @default as documented */
  readonly available?: boolean | undefined;
  /** How often MediaPipelineInProgress is sent; the documentation has it for "created" and for "capturing". @default 1 */
  readonly inProgressEvents?: 1 | 2 | undefined;
  /** Get after the end: the pipeline, `Stopped`; or 404. @default 'stopped' */
  readonly afterStop?: 'stopped' | 'not-found' | undefined;
  /** The same ClientRequestToken again: the pipeline that it created, or the limit of one per meeting. @default 'same-pipeline' */
  readonly tokenReplay?: 'same-pipeline' | 'new-request' | undefined;
  /** Whether a pipeline that is stopping still counts for the limit of one per meeting. @default false */
  readonly stoppingCounts?: boolean | undefined;
  /** Active pipelines of the account in this region. @default 100 in us-east-1, 10 elsewhere */
  readonly maxActive?: number | undefined;
}

export type ResolvedPipelineOptions = {
  readonly [Name in keyof PipelineOptions]-?: Exclude<PipelineOptions[Name], undefined>;
};

export function resolvePipelineOptions(options: PipelineOptions = {}, region: string): ResolvedPipelineOptions {
  return {
    initializingMs: options.initializingMs ?? 2_000,
    chunkMs: options.chunkMs ?? 5_000,
    stoppingMs: options.stoppingMs ?? 2_000,
    concatenationMs: options.concatenationMs ?? 5_000,
    concatenationStuck: options.concatenationStuck ?? false,
    waitingStatus: options.waitingStatus ?? 'InProgress',
    attendeeFiles: options.attendeeFiles ?? 'pipeline-attendee',
    muteEvents: options.muteEvents ?? 'AttendeeMute',
    captureEnded: options.captureEnded ?? 'written',
    temporaryFailure: options.temporaryFailure ?? false,
    media: options.media ?? 'rendered',
    available: options.available ?? PIPELINE_REGIONS.includes(region),
    inProgressEvents: options.inProgressEvents ?? 1,
    afterStop: options.afterStop ?? 'stopped',
    tokenReplay: options.tokenReplay ?? 'same-pipeline',
    stoppingCounts: options.stoppingCounts ?? false,
    maxActive: options.maxActive ?? (region === 'us-east-1' ? 100 : 10),
  };
}
