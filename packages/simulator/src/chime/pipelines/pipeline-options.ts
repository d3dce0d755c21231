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
    inProgressEvents: options.inProgressEvents ?? 1,
    afterStop: options.afterStop ?? 'stopped',
    tokenReplay: options.tokenReplay ?? 'same-pipeline',
    stoppingCounts: options.stoppingCounts ?? false,
    maxActive: options.maxActive ?? (region === 'us-east-1' ? 100 : 10),
  };
}
