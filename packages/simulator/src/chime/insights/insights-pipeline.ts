import { randomUUID } from 'node:crypto';
import type { ChimeEnvironment } from '../environment.ts';
import type { RegisteredPipeline } from '../pipelines/pipeline-registry.ts';
import { ServiceError } from '../wire/service-error.ts';
import { ElementStatuses } from './element-statuses.ts';
import type { InsightsConfiguration } from './insights-configurations.ts';
import { insightsEvent } from './insights-event.ts';
import type { InsightsFault, InsightsFaults, InsightsStep } from './insights-faults.ts';
import type { ResolvedInsightsOptions } from './insights-options.ts';
import type { KinesisData } from './kinesis-data.ts';
import { type RecordingOrder, RecordingSink } from './recording-sink.ts';
import { StopRules } from './stop-rules.ts';

export interface InsightsContext {
  readonly environment: ChimeEnvironment;
  readonly options: ResolvedInsightsOptions;
  readonly kinesis: KinesisData;
  readonly faults: InsightsFaults;
}

export interface InsightsRequest {
  readonly configuration: InsightsConfiguration;
  /** Undefined where the configuration records nothing. */
  readonly recording: RecordingOrder | undefined;
  /** Range of fragments, epoch ms. */
  readonly from: number;
  readonly until: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Members that the API echoes. */
  readonly echoed: Readonly<Record<string, unknown>>;
}

type Status = 'NotStarted' | 'Initializing' | 'InProgress' | 'Paused' | 'Stopping' | 'Stopped' | 'Failed';

/** One run of call analytics on the two streams of a call: transcription while it lasts, the recording after it. */
export class InsightsPipeline implements RegisteredPipeline {
  readonly type = 'MediaInsightsPipeline';
  readonly id: string = randomUUID();
  readonly arn: string;
  readonly elements: ElementStatuses;
  readonly #context: InsightsContext;
  readonly #request: InsightsRequest;
  readonly #createdAt: number;
  readonly #stop = new AbortController();
  readonly #rules: StopRules;
  #status: Status = 'NotStarted';
  #failureReason: string | undefined;

  constructor(context: InsightsContext, request: InsightsRequest) {
    const { clock, region, accountId, closing } = context.environment;
    this.#context = context;
    this.#request = request;
    this.#createdAt = clock.now();
    this.arn = `arn:aws:chime:${region}:${accountId}:media-pipeline/${this.id}`;
    this.elements = new ElementStatuses(request.configuration, () => clock.now());
    this.#rules = new StopRules({
      clock,
      options: context.options,
      streams: request.recording?.streams ?? [],
      createdAt: this.#createdAt,
      until: request.until,
      stop: this.#stop.signal,
      closing,
    });
  }

  get status(): Status {
    return this.#status;
  }

  get over(): boolean {
    return this.#status === 'Stopped' || this.#status === 'Failed';
  }

  describe(): object {
    const { configuration, metadata, echoed } = this.#request;
    return {
      MediaPipelineId: this.id,
      MediaPipelineArn: this.arn,
      MediaInsightsPipelineConfigurationArn: configuration.arn,
      Status: this.#status,
      ...echoed,
      MediaInsightsRuntimeMetadata: metadata,
      CreatedTimestamp: new Date(this.#createdAt).toISOString(),
      ...(this.#context.options.apiElementStatuses ? { ElementStatuses: this.elements.forApi() } : {}),
    };
  }

  start(): void {
    this.#run().catch((error: unknown) => {
      if (!this.#context.environment.closing.aborted) throw error;
    });
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Pauses or resumes the processors; the recording goes on. @throws ServiceError `Conflict` */
  setPaused(paused: boolean): void {
    if (this.#status !== (paused ? 'InProgress' : 'Paused')) {
      throw new ServiceError('Conflict', `The media insights pipeline is ${this.#status}.`);
    }
    this.#status = paused ? 'Paused' : 'InProgress';
    this.elements.setProcessors(paused ? 'Paused' : 'InProgress');
    if (paused) this.#rules.paused();
    else this.#rules.resumed();
    this.publish(paused ? 'Paused' : 'InProgress');
  }

  /** `Media Insights State Change`; runtime metadata lies flat in the detail. */
  publish(change: string, more: Readonly<Record<string, unknown>> = {}): void {
    const { environment, options } = this.#context;
    const several = this.elements.size > 1 || options.alwaysElementStatuses;
    const statuses = several && change !== 'Created' ? this.elements.forEvent(options.enhancementName) : undefined;
    environment.eventBridge.publish(
      insightsEvent(environment, 'Media Insights State Change', {
        mediaInsightsPipelineArn: this.arn,
        eventType: `chime:MediaInsights${change}`,
        ...(statuses ? { mediaInsightsPipelineElementStatuses: statuses } : {}),
        ...this.#request.metadata,
        ...more,
      }),
    );
  }

  async #run(): Promise<void> {
    const { options, environment } = this.#context;
    this.#status = 'Initializing';
    await this.#pass(options.initializingMs);
    if (this.#fault('role') !== undefined) {
      this.elements.setAll('Failed');
      return this.#fail('Access denied when assuming resource access role');
    }
    this.#status = 'InProgress';
    this.elements.setProcessors('InProgress');
    if (!this.elements.transcribes) this.elements.set('S3RecordingSink', 'InProgress');
    this.#tellMetadata();
    this.publish('InProgress');
    this.#trouble();
    await this.#rules.wait();
    const stoppedAt = environment.clock.now();
    this.#status = 'Stopping';
    await this.#pass(options.stoppingMs);
    this.elements.setProcessors('Stopped');
    await this.#record(Math.min(stoppedAt, this.#request.until));
    if (this.elements.anyFailed) return this.#fail(this.#failureReason);
    this.#status = 'Stopped';
    this.publish('Stopped');
  }

  async #record(to: number): Promise<void> {
    const { environment, kinesis, options } = this.#context;
    const { recording, from } = this.#request;
    if (!recording) return;
    if (this.elements.transcribes) {
      this.#status = 'InProgress';
      this.elements.set('S3RecordingSink', 'InProgress');
      this.publish('InProgress');
    }
    await this.#pass(options.recordingMs);
    const began = Math.max(from, Math.min(...recording.streams.map(({ startedAt }) => startedAt)));
    const ends = recording.streams.map(({ endedAt }) => endedAt ?? to);
    const span = { from: began, to: Math.max(began, Math.min(to, Math.max(...ends))) };
    const sink = new RecordingSink(environment, kinesis, recording, this.id);
    const fault = recording.retained ? this.#fault('recording') : 'fails';
    const written = fault === undefined && (await sink.write(span));
    this.elements.set('S3RecordingSink', written ? 'Stopped' : 'Failed');
    if (!written) this.#failureReason = fault === 'access-denied' ? 'Access denied when writing to S3' : undefined;
    if (!this.elements.has('VoiceEnhancementSink')) return;
    if (!written) return this.elements.set('VoiceEnhancementSink', 'Failed');
    if (span.to - span.from > options.maxEnhancedMs) {
      return this.elements.set('VoiceEnhancementSink', 'NotSupported', 'Unsupported recording length');
    }
    this.#status = 'InProgress';
    this.elements.set('VoiceEnhancementSink', 'InProgress');
    this.publish('InProgress');
    await this.#pass(options.enhancementMs);
    const better = this.#fault('enhancement') === undefined && (await sink.writeEnhanced(span));
    this.elements.set('VoiceEnhancementSink', better ? 'Stopped' : 'Failed');
  }

  /** What transcription meets while the call lasts; the recording is attempted all the same. */
  #trouble(): void {
    if (!this.elements.transcribes) return;
    const fault = this.#fault('transcription');
    if (fault === undefined) return;
    this.elements.setProcessors(fault === 'temporarily' ? 'TemporarilyFailed' : 'Failed');
    if (fault !== 'temporarily') return;
    this.publish('TemporaryFailure');
    this.elements.setProcessors('InProgress');
  }

  /** Once per session, where something is transcribed. */
  #tellMetadata(): void {
    const { kinesis, environment } = this.#context;
    const recordsTo = this.#request.recording?.recordsTo;
    if (!this.elements.transcribes || recordsTo === undefined) return;
    const oneTimeMetadata = JSON.stringify({ inviteHeaders: '{}', siprecMetadata: '', siprecMetadataJson: '' });
    kinesis.put(recordsTo, {
      time: new Date(environment.clock.now()).toISOString(),
      'service-type': 'CallAnalytics',
      'detail-type': 'CallAnalyticsMetadata',
      mediaInsightsPipelineId: this.id,
      metadata: JSON.stringify({ ...this.#request.metadata, oneTimeMetadata }),
    });
  }

  #fail(failureReason: string | undefined): void {
    this.#status = 'Failed';
    this.publish('PermanentFailure', failureReason === undefined ? {} : { failureReason });
  }

  #fault(step: InsightsStep['step']): InsightsFault | undefined {
    return this.#context.faults.take({ step, pipelineId: this.id });
  }

  #pass(ms: number): Promise<void> {
    const { clock, closing } = this.#context.environment;
    return clock.delay(ms, { signal: closing });
  }
}
