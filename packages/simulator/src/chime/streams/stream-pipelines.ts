import type { ChimeEnvironment } from '../environment.ts';
import type { ResolvedPipelineOptions } from '../pipelines/pipeline-options.ts';
import type { PipelinesService } from '../pipelines/pipelines-service.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { ResolvedStreamOptions } from './stream-options.ts';
import { StreamPipeline, type StreamSink } from './stream-pipeline.ts';
import type { StreamPools } from './stream-pools.ts';

interface Source {
  readonly SourceArn: string;
}
interface Sink {
  readonly SinkArn: string;
  readonly ReservedStreamCapacity: number;
  readonly MediaStreamType: StreamSink['media'];
}

/** The media stream pipelines of one account and control region, and the API to them. */
export class StreamPipelines {
  readonly #environment: ChimeEnvironment;
  readonly #pipelines: PipelinesService;
  readonly #pools: StreamPools;
  readonly #options: ResolvedPipelineOptions & ResolvedStreamOptions;

  constructor(
    environment: ChimeEnvironment,
    pipelines: PipelinesService,
    pools: StreamPools,
    options: ResolvedPipelineOptions & ResolvedStreamOptions,
  ) {
    this.#environment = environment;
    this.#pipelines = pipelines;
    this.#pools = pools;
    this.#options = options;
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    CreateMediaStreamPipeline: async (input) => ({
      MediaStreamPipeline: this.#pipelines.registry
        .once('CreateMediaStreamPipeline', input, () => this.#create(input))
        .describe(),
    }),
  };

  #create(input: RequestInput): StreamPipeline {
    const sources = input['Sources'] as readonly Source[];
    const wanted = input['Sinks'] as readonly Sink[];
    // The model has no upper bound, and a pipeline belongs to one meeting.
    if (sources.length > 1) throw new ServiceError('BadRequest', 'A media stream pipeline has one source.');
    const sourceArn = sources[0]?.SourceArn ?? '';
    const meeting = this.#pipelines.meetingOf(sourceArn);
    const sinks = wanted.map((sink) => this.#open(sink));
    if (new Set(sinks.map(({ media }) => media)).size < sinks.length) {
      throw new ServiceError('BadRequest', 'Two sinks must differ in MediaStreamType.');
    }
    const counts = (one: StreamPipeline) =>
      !one.over && (this.#options.stoppingCounts || one.status !== 'Stopping') && one.meeting === meeting;
    if (this.#pipelines.registry.all.some((one) => one instanceof StreamPipeline && counts(one))) {
      throw new ServiceError(
        'ResourceLimitExceeded',
        `Cannot create new media stream pipeline for source arn '${sourceArn}'. Limit reached`,
      );
    }
    const echoed = { Sources: sources, Sinks: wanted };
    return new StreamPipeline({ sinks, echoed }, meeting, this.#environment, this.#options);
  }

  #open({ SinkArn, ReservedStreamCapacity, MediaStreamType }: Sink): StreamSink {
    const { region, accountId } = this.#environment;
    const match = /^arn:aws:chime:([a-z0-9-]+):(\d{12}):media-pipeline-kinesis-video-stream-pool\//.exec(SinkArn);
    if (!match) throw new ServiceError('BadRequest', 'The sink is not a Kinesis video stream pool.');
    if (match[2] !== accountId) throw new ServiceError('Forbidden', 'Resource ownership mismatch');
    if (match[1] !== region) {
      throw new ServiceError('BadRequest', 'The Kinesis video stream pool must be in the control region.');
    }
    const pool = this.#pools.find(SinkArn);
    if (!pool) throw new ServiceError('NotFound', 'The Kinesis video stream pool was not found.');
    const ready = pool.status === 'ACTIVE' || pool.status === 'UPDATING';
    if (!ready && this.#options.inactivePool === 'refused') {
      throw new ServiceError('BadRequest', `The Kinesis video stream pool is ${pool.status}.`);
    }
    if (MediaStreamType === 'MixedAudio' && ReservedStreamCapacity !== 1) {
      throw new ServiceError('BadRequest', 'ReservedStreamCapacity must be 1 for MixedAudio.');
    }
    return { pool, media: MediaStreamType, capacity: ReservedStreamCapacity };
  }
}
