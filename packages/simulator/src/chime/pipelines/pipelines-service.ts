import type { ChimeEnvironment } from '../environment.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import { parseMeetingArn, parsePipelineArn } from './arn.ts';
import { type ArtifactName, CapturePipeline, type CaptureRequest } from './capture-pipeline.ts';
import { ConcatenationPipeline } from './concatenation-pipeline.ts';
import type { MediaPipeline } from './media-pipeline.ts';
import { type PipelineOptions, type ResolvedPipelineOptions, resolvePipelineOptions } from './pipeline-options.ts';
import { PipelineRegistry, type RegisteredPipeline } from './pipeline-registry.ts';
import { openSink } from './sink.ts';

/** The source of a concatenation was captured at most so long ago. */
const MAX_SOURCE_AGE_MS = 30 * 24 * 3_600_000;

interface CaptureConfiguration {
  readonly ArtifactsConfiguration?: { readonly Audio: { readonly MuxType: CaptureRequest['mux'] } };
}
interface ConcatenationSource {
  readonly MediaCapturePipelineSourceConfiguration: {
    readonly MediaPipelineArn: string;
    readonly ChimeSdkMeetingConfiguration: {
      readonly ArtifactsConfiguration: Readonly<Record<string, { readonly State: string }>>;
    };
  };
}
interface ConcatenationSink {
  readonly S3BucketSinkConfiguration: { readonly Destination: string };
}

/** The media pipelines of one account and control region, and the API to them. */
export class PipelinesService {
  readonly #environment: ChimeEnvironment;
  readonly #options: ResolvedPipelineOptions;
  readonly #findMeeting: (meetingId: string) => SimulatedMeeting | undefined;
  /** The pipelines of every type; other services of the API add theirs. */
  readonly registry: PipelineRegistry;
  readonly handlers: Readonly<Record<string, OperationHandler>>;

  constructor(
    environment: ChimeEnvironment,
    options: PipelineOptions | undefined,
    findMeeting: (meetingId: string) => SimulatedMeeting | undefined,
  ) {
    this.#environment = environment;
    this.#options = resolvePipelineOptions(options, environment.region);
    this.#findMeeting = findMeeting;
    this.registry = new PipelineRegistry(this.#options);
    this.handlers = { ...this.#operations, ...this.registry.tags.handlers };
  }

  readonly #operations: Readonly<Record<string, OperationHandler>> = {
    CreateMediaCapturePipeline: async (input) => ({
      MediaCapturePipeline: this.registry
        .once('CreateMediaCapturePipeline', input, () => this.#capture(input))
        .describe(),
    }),
    CreateMediaConcatenationPipeline: async (input) => ({
      MediaConcatenationPipeline: this.registry
        .once('CreateMediaConcatenationPipeline', input, () => this.#concatenation(input))
        .describe(),
    }),
    GetMediaCapturePipeline: async (input) => ({
      MediaCapturePipeline: this.registry.get(input, 'MediaCapturePipeline').describe(),
    }),
    GetMediaPipeline: async (input) => {
      const pipeline = this.registry.get(input);
      return { MediaPipeline: { [pipeline.type]: pipeline.describe() } };
    },
    ListMediaCapturePipelines: async (input) => {
      const { page, next } = this.registry.page(input, 'MediaCapturePipeline');
      return { MediaCapturePipelines: page, ...next };
    },
    ListMediaPipelines: async (input) => {
      const { page, next } = this.registry.page(input);
      return { MediaPipelines: page, ...next };
    },
    DeleteMediaCapturePipeline: async (input) => {
      this.registry.get(input, 'MediaCapturePipeline').stop();
      return undefined;
    },
    DeleteMediaPipeline: async (input) => {
      const pipeline = this.registry.get(input);
      if (pipeline.over || pipeline.status === 'Stopping') {
        throw new ServiceError('Conflict', `The media pipeline is ${pipeline.status}.`);
      }
      pipeline.stop();
      return undefined;
    },
  };

  #capture(input: RequestInput): MediaPipeline {
    const sourceArn = String(input['SourceArn']);
    const sinkArn = String(input['SinkArn']);
    const meeting = this.meetingOf(sourceArn);
    if ((input['SseAwsKeyManagementParams'] === undefined) !== (input['SinkIamRoleArn'] === undefined)) {
      throw new ServiceError('BadRequest', 'SseAwsKeyManagementParams and SinkIamRoleArn must be given together.');
    }
    const sink = openSink(sinkArn, this.#environment.store, this.#environment.bucketPolicy);
    const counts = (one: RegisteredPipeline) =>
      one instanceof CapturePipeline &&
      !one.over &&
      (this.#options.stoppingCounts || one.status !== 'Stopping') &&
      one.meeting === meeting;
    if (this.registry.all.some(counts)) {
      throw new ServiceError(
        'ResourceLimitExceeded',
        `Cannot create new media capture pipeline for source type 'ChimeSdkMeeting' and source arn '${sourceArn}'. Limit reached`,
      );
    }
    const names = ['ChimeSdkMeetingConfiguration', 'SseAwsKeyManagementParams', 'SinkIamRoleArn'];
    const echoed = Object.fromEntries(names.filter((name) => name in input).map((name) => [name, input[name]]));
    const { ArtifactsConfiguration } = (input['ChimeSdkMeetingConfiguration'] ?? {}) as CaptureConfiguration;
    // Without a configuration the service captures the active speaker as well (capture-pipe-config, configure-audio).
    const mux = ArtifactsConfiguration?.Audio.MuxType ?? 'AudioWithActiveSpeakerVideo';
    return new CapturePipeline({ sourceArn, sinkArn, sink, mux, echoed }, meeting, this.#environment, this.#options);
  }

  /** The meeting of a source. @throws ServiceError `BadRequest`, `Forbidden` */
  meetingOf(sourceArn: string): SimulatedMeeting {
    const parsed = parseMeetingArn(sourceArn);
    if (!parsed) throw new ServiceError('BadRequest', `Invalid meeting ARN ${sourceArn}`);
    if (parsed.accountId !== this.#environment.accountId) {
      throw new ServiceError('Forbidden', 'Resource ownership mismatch');
    }
    const meeting = this.#findMeeting(parsed.meetingId);
    if (!meeting) throw new ServiceError('BadRequest', `Meeting ${parsed.meetingId} does not exist`);
    return meeting;
  }

  #concatenation(input: RequestInput): MediaPipeline {
    const { clock, accountId, store, bucketPolicy } = this.#environment;
    const [wanted] = input['Sources'] as readonly [ConcatenationSource];
    const [target] = input['Sinks'] as readonly [ConcatenationSink];
    const configuration = wanted.MediaCapturePipelineSourceConfiguration;
    const parsed = parsePipelineArn(configuration.MediaPipelineArn);
    if (parsed && parsed.accountId !== accountId) throw new ServiceError('Forbidden', 'Resource ownership mismatch');
    const source = parsed && this.registry.find(parsed.pipelineId);
    if (!(source instanceof CapturePipeline)) {
      throw new ServiceError('BadRequest', `There is no media capture pipeline ${configuration.MediaPipelineArn}`);
    }
    if (clock.now() - source.createdAt > MAX_SOURCE_AGE_MS) {
      throw new ServiceError('BadRequest', 'The media capture pipeline is older than 30 days.');
    }
    const sink = openSink(target.S3BucketSinkConfiguration.Destination, store, bucketPolicy);
    const states = configuration.ChimeSdkMeetingConfiguration.ArtifactsConfiguration;
    const optional = { CompositedVideo: 'composited-video', MeetingEvents: 'meeting-events' } as const;
    const enabled = (['CompositedVideo', 'MeetingEvents'] as const).filter((name) => states[name]?.State === 'Enabled');
    const artifacts: readonly ArtifactName[] = ['audio', ...enabled.map((name) => optional[name])];
    const echoed = { Sources: input['Sources'], Sinks: input['Sinks'] };
    return new ConcatenationPipeline({ source, sink, artifacts, echoed }, this.#environment, this.#options);
  }
}
