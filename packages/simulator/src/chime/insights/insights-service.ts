import type { ChimeEnvironment } from '../environment.ts';
import { TAGGING } from '../object-store.ts';
import type { PipelineRegistry } from '../pipelines/pipeline-registry.ts';
import { openSink } from '../pipelines/sink.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import { type InsightsConfiguration, InsightsConfigurations } from './insights-configurations.ts';
import { type InsightsFaults, insightsFaults } from './insights-faults.ts';
import { type InsightsOptions, type ResolvedInsightsOptions, resolveInsightsOptions } from './insights-options.ts';
import { type InsightsContext, InsightsPipeline } from './insights-pipeline.ts';
import { KinesisData } from './kinesis-data.ts';
import { KinesisVideo, type KvsStream } from './kinesis-video.ts';
import type { RecordingOrder } from './recording-sink.ts';

interface RecordingSource {
  readonly Streams: readonly { readonly StreamArn?: string }[];
  readonly FragmentSelector: {
    readonly TimestampRange: { readonly StartTimestamp: number; readonly EndTimestamp: number };
  };
}
interface RuntimeSink {
  readonly Destination: string;
  readonly RecordingFileFormat: 'Wav' | 'Opus';
}

/** A call whose pipeline a Voice Connector creates. */
export interface ConnectorCall {
  readonly configuration: InsightsConfiguration;
  readonly streams: readonly [KvsStream, KvsStream];
  readonly metadata: Readonly<Record<string, string>>;
  /** False where the connector's streams keep nothing. */
  readonly retained: boolean;
}

/** Call analytics of one account and control region, and the API to it. */
export class InsightsService {
  readonly kinesisVideo: KinesisVideo;
  readonly kinesis: KinesisData;
  readonly faults: InsightsFaults = insightsFaults();
  readonly options: ResolvedInsightsOptions;
  readonly configurations: InsightsConfigurations;
  readonly handlers: Readonly<Record<string, OperationHandler>>;
  readonly #environment: ChimeEnvironment;
  readonly #registry: PipelineRegistry;

  constructor(environment: ChimeEnvironment, registry: PipelineRegistry, options?: InsightsOptions) {
    this.#environment = environment;
    this.#registry = registry;
    this.options = resolveInsightsOptions(options);
    this.kinesisVideo = new KinesisVideo(environment);
    this.kinesis = new KinesisData(environment);
    this.configurations = new InsightsConfigurations(environment, this.options, registry.tags);
    this.handlers = {
      ...this.configurations.handlers,
      CreateMediaInsightsPipeline: async (input) => ({
        MediaInsightsPipeline: registry
          .once('CreateMediaInsightsPipeline', input, () => this.#fromRequest(input))
          .describe(),
      }),
      UpdateMediaInsightsPipelineStatus: async (input) => this.#updateStatus(input),
    };
  }

  /** What a Voice Connector does once for each transaction. @throws ServiceError when the limit is reached */
  createFor({ configuration, streams, metadata, retained }: ConnectorCall): InsightsPipeline {
    let made: InsightsPipeline | undefined;
    this.#registry.once('CreateMediaInsightsPipeline', {}, () => {
      const from = Math.min(...streams.map(({ startedAt }) => startedAt));
      const recording = this.#recording(configuration, streams, metadata, { runtime: undefined, retained });
      made = this.#create({ configuration, recording, from, until: Number.MAX_SAFE_INTEGER, metadata, echoed: {} });
      return made;
    });
    return made!;
  }

  #fromRequest(input: RequestInput): InsightsPipeline {
    const configuration = this.configurations.find(String(input['MediaInsightsPipelineConfigurationArn']));
    if (!configuration) throw new ServiceError('NotFound', 'The configuration was not found.');
    const metadata = (input['MediaInsightsRuntimeMetadata'] ?? {}) as Readonly<Record<string, string>>;
    const source = input['KinesisVideoStreamRecordingSourceRuntimeConfiguration'] as RecordingSource | undefined;
    const runtime = input['S3RecordingSinkRuntimeConfiguration'] as RuntimeSink | undefined;
    const records = configuration.elements.some(({ Type }) => Type === 'S3RecordingSink');
    if (records !== (source !== undefined)) {
      throw new ServiceError('BadRequest', 'A recording needs S3RecordingSink and a recording source, both.');
    }
    const range = source?.FragmentSelector.TimestampRange;
    const [from, until] = [
      (range?.StartTimestamp ?? 0) * 1000,
      (range?.EndTimestamp ?? Number.MAX_SAFE_INTEGER) * 1000,
    ];
    if (from >= until) throw new ServiceError('BadRequest', 'StartTimestamp must lie before EndTimestamp.');
    const streams = source && this.#streams(source);
    const names = ['KinesisVideoStreamRecordingSourceRuntimeConfiguration', 'S3RecordingSinkRuntimeConfiguration'];
    const echoed = Object.fromEntries(names.filter((name) => name in input).map((name) => [name, input[name]]));
    const recording = streams && this.#recording(configuration, streams, metadata, { runtime, retained: true });
    return this.#create({ configuration, recording, from, until, metadata, echoed });
  }

  #create(request: ConstructorParameters<typeof InsightsPipeline>[1]): InsightsPipeline {
    const active = this.#registry.all.filter(({ type, over }) => type === 'MediaInsightsPipeline' && !over).length;
    if (active >= this.options.maxActive) {
      throw new ServiceError(
        'ResourceLimitExceeded',
        `There are ${active} active media insights pipelines. Limit reached`,
      );
    }
    const context: InsightsContext = {
      environment: this.#environment,
      options: this.options,
      kinesis: this.kinesis,
      faults: this.faults,
    };
    return new InsightsPipeline(context, request);
  }

  /** The model lets one stream pass, the guide does not: two of one channel each. */
  #streams({ Streams }: RecordingSource): readonly [KvsStream, KvsStream] {
    if (Streams.length !== 2) throw new ServiceError('BadRequest', 'Call recording needs two Kinesis video streams.');
    const [left, right] = Streams.map(({ StreamArn = '' }) => this.kinesisVideo.find(StreamArn));
    if (!left || !right) throw new ServiceError('NotFound', 'A Kinesis video stream was not found.');
    return [left, right];
  }

  #recording(
    { elements }: InsightsConfiguration,
    streams: readonly [KvsStream, KvsStream],
    metadata: Readonly<Record<string, string>>,
    { runtime, retained }: { readonly runtime: RuntimeSink | undefined; readonly retained: boolean },
  ): RecordingOrder | undefined {
    const element = elements.find(({ Type }) => Type === 'S3RecordingSink');
    if (!element) return undefined;
    const { Destination, RecordingFileFormat = 'Wav' } = { ...element.S3RecordingSinkConfiguration, ...runtime };
    const records = elements.find(({ Type }) => Type === 'KinesisDataStreamSink');
    return {
      sink: openSink(Destination ?? '', this.#environment, TAGGING),
      format: RecordingFileFormat,
      streams,
      retained,
      named: runtime !== undefined && this.options.destinationNames === 'file',
      metadata,
      recordsTo: records?.KinesisDataStreamSinkConfiguration?.InsightsTarget,
    };
  }

  #updateStatus(input: RequestInput): undefined {
    const identifier = String(input['Identifier']);
    const found = this.#registry.find(identifier.split('/').at(-1) ?? '');
    if (!(found instanceof InsightsPipeline)) throw new ServiceError('NotFound', 'The media pipeline was not found.');
    found.setPaused(input['UpdateStatus'] === 'Pause');
    return undefined;
  }
}
