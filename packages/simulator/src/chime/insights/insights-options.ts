/** Times and undocumented behaviour of call analytics; every default is stated. */
export interface InsightsOptions {
  /** From creation to InProgress, in ms. @default 2_000 */
  readonly initializingMs?: number | undefined;
  /** From the end of a call, or DeleteMediaPipeline, to the end of the processors, in ms. @default 1_000 */
  readonly stoppingMs?: number | undefined;
  /** Work of S3RecordingSink once the processors have stopped, in ms. @default 3_000 */
  readonly recordingMs?: number | undefined;
  /** Work of VoiceEnhancementSink once the recording is written, in ms. @default 5_000 */
  readonly enhancementMs?: number | undefined;
  /** A pipeline stops when one of its streams brings no fragment for so long, in ms. @default 15_000 */
  readonly silenceMs?: number | undefined;
  /** A pipeline stops at this age, in ms. @default 8 h */
  readonly maxAgeMs?: number | undefined;
  /** A pipeline stops when paused for so long, in ms. @default 2 h */
  readonly maxPausedMs?: number | undefined;
  /** Longest call whose voices are enhanced, in ms. @default 30 min */
  readonly maxEnhancedMs?: number | undefined;
  /** Active pipelines of call analytics in this region. @default 20 */
  readonly maxActive?: number | undefined;
  /** Configurations in this region. @default 100 */
  readonly maxConfigurations?: number | undefined;
  /**
   * What the name at the end of a pipeline's own Destination becomes: the file's, or the folder's of a file with a name
   * like those of Voice Connectors. @default 'file'
   */
  readonly destinationNames?: 'file' | 'folder' | undefined;
  /** Whether events hold element statuses although only one element has a status. @default false */
  readonly alwaysElementStatuses?: boolean | undefined;
  /** Whether GetMediaPipeline prints element statuses; no example of its answer is documented. @default true */
  readonly apiElementStatuses?: boolean | undefined;
  /** What the enhancement is called in events; the documentation prints both. @default 'VoiceEnhancement' */
  readonly enhancementName?: 'VoiceEnhancement' | 'VoiceEnhancementSink' | undefined;
  /** Until a change of a Voice Connector's streaming takes effect, in ms. @default 5 min */
  readonly propagationMs?: number | undefined;
  /** From the first STARTED of a Voice Connector call to its pipeline, in ms. @default 500 */
  readonly autoCreateMs?: number | undefined;
  /** How `isCaller` is spelt in streaming events. @default 'boolean' */
  readonly isCaller?: 'boolean' | 'text' | undefined;
  /** Whether `ALL_STARTED` follows the STARTED of both streams; no guide has it, a community reader does. @default false */
  readonly allStarted?: boolean | undefined;
}

export type ResolvedInsightsOptions = {
  readonly [Name in keyof InsightsOptions]-?: Exclude<InsightsOptions[Name], undefined>;
};

const HOUR_MS = 3_600_000;

export function resolveInsightsOptions(options: InsightsOptions = {}): ResolvedInsightsOptions {
  return {
    initializingMs: options.initializingMs ?? 2_000,
    stoppingMs: options.stoppingMs ?? 1_000,
    recordingMs: options.recordingMs ?? 3_000,
    enhancementMs: options.enhancementMs ?? 5_000,
    silenceMs: options.silenceMs ?? 15_000,
    maxAgeMs: options.maxAgeMs ?? 8 * HOUR_MS,
    maxPausedMs: options.maxPausedMs ?? 2 * HOUR_MS,
    maxEnhancedMs: options.maxEnhancedMs ?? HOUR_MS / 2,
    maxActive: options.maxActive ?? 20,
    maxConfigurations: options.maxConfigurations ?? 100,
    destinationNames: options.destinationNames ?? 'file',
    alwaysElementStatuses: options.alwaysElementStatuses ?? false,
    apiElementStatuses: options.apiElementStatuses ?? true,
    enhancementName: options.enhancementName ?? 'VoiceEnhancement',
    propagationMs: options.propagationMs ?? HOUR_MS / 12,
    autoCreateMs: options.autoCreateMs ?? 500,
    isCaller: options.isCaller ?? 'boolean',
    allStarted: options.allStarted ?? false,
  };
}
