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
import { openSink } from './sink.ts';
import { TokenReplays } from './token-replays.ts';

/** The source of a concatenation was captured at most so long ago. */
const MAX_SOURCE_AGE_MS = 30 * 24 * 3_600_000;
const DEFAULT_PAGE = 100;

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
  readonly #pipelines = new Map<string, MediaPipeline>();
  readonly #replays = new TokenReplays();

  constructor(
    environment: ChimeEnvironment,
    options: PipelineOptions | undefined,
    findMeeting: (meetingId: string) => SimulatedMeeting | undefined,
  ) {
    this.#environment = environment;
    this.#options = resolvePipelineOptions(options, environment.region);
    this.#findMeeting = findMeeting;
  }

  /** Every pipeline so far. */
  get pipelines(): readonly MediaPipeline[] {
    return [...this.#pipelines.values()];
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    CreateMediaCapturePipeline: async (input) => ({
      MediaCapturePipeline: this.#once('CreateMediaCapturePipeline', input, () => this.#capture(input)).describe(),
    }),
    CreateMediaConcatenationPipeline: async (input) => ({
      MediaConcatenationPipeline: this.#once('CreateMediaConcatenationPipeline', input, () =>
        this.#concatenation(input),
      ).describe(),
    }),
    GetMediaCapturePipeline: async (input) => ({ MediaCapturePipeline: this.#get(input, true).describe() }),
    GetMediaPipeline: async (input) => {
      const pipeline = this.#get(input);
      return { MediaPipeline: { [pipeline.type]: pipeline.describe() } };
    },
    ListMediaCapturePipelines: async (input) => {
      const { page, next } = this.#page(input, true);
      return { MediaCapturePipelines: page, ...next };
    },
    ListMediaPipelines: async (input) => {
      const { page, next } = this.#page(input);
      return { MediaPipelines: page, ...next };
    },
    DeleteMediaCapturePipeline: async (input) => {
      this.#get(input, true).stop();
      return undefined;
    },
    DeleteMediaPipeline: async (input) => {
      const pipeline = this.#get(input);
      if (pipeline.over || pipeline.status === 'Stopping') {
        throw new ServiceError('Conflict', `The media pipeline is ${pipeline.status}.`);
      }
      pipeline.stop();
      return undefined;
    },
  };

  #once(operation: string, input: RequestInput, create: () => MediaPipeline): MediaPipeline {
    const earlier = this.#options.tokenReplay === 'same-pipeline' ? this.#replays.find(operation, input) : undefined;
    if (earlier) return earlier;
    const active = this.pipelines.filter((one) => !one.over).length;
    if (active >= this.#options.maxActive) {
      throw new ServiceError(
        'ResourceLimitExceeded',
        `The account has ${active} active media pipelines. Limit reached`,
      );
    }
    const pipeline = create();
    this.#pipelines.set(pipeline.id, pipeline);
    this.#replays.remember(operation, input, pipeline);
    pipeline.start();
    return pipeline;
  }

  #capture(input: RequestInput): MediaPipeline {
    const sourceArn = String(input['SourceArn']);
    const sinkArn = String(input['SinkArn']);
    const meeting = this.#meetingOf(sourceArn);
    if ((input['SseAwsKeyManagementParams'] === undefined) !== (input['SinkIamRoleArn'] === undefined)) {
      throw new ServiceError('BadRequest', 'SseAwsKeyManagementParams and SinkIamRoleArn must be given together.');
    }
    const sink = openSink(sinkArn, this.#environment.store, this.#environment.bucketPolicy);
    const counts = (one: MediaPipeline) =>
      !one.over && (this.#options.stoppingCounts || one.status !== 'Stopping') && one.meeting === meeting;
    if (this.pipelines.some((one) => one.type === 'MediaCapturePipeline' && counts(one))) {
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

  #meetingOf(sourceArn: string): SimulatedMeeting {
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
    const source = parsed && this.#pipelines.get(parsed.pipelineId);
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

  #get(input: RequestInput, captureOnly = false): MediaPipeline {
    const pipeline = this.#pipelines.get(String(input['MediaPipelineId']));
    const gone = pipeline?.over && this.#options.afterStop === 'not-found';
    if (!pipeline || gone || (captureOnly && pipeline.type !== 'MediaCapturePipeline')) {
      throw new ServiceError('NotFound', 'The media pipeline was not found.');
    }
    return pipeline;
  }

  /** Summaries hold id and ARN, nothing else. Which pipelines are listed is not documented: those that are not over. */
  #page(input: RequestInput, captureOnly = false): { readonly page: readonly object[]; readonly next: object } {
    const all = this.pipelines.filter((one) => !one.over && (!captureOnly || one.type === 'MediaCapturePipeline'));
    const token = input['NextToken'];
    const from = typeof token === 'string' ? Number(Buffer.from(token, 'base64').toString('latin1')) : 0;
    if (!Number.isInteger(from)) throw new ServiceError('BadRequest', 'The next token is invalid.');
    const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : DEFAULT_PAGE;
    const page = all.slice(from, from + size).map(({ id, arn }) => ({ MediaPipelineId: id, MediaPipelineArn: arn }));
    const more = from + size < all.length;
    return { page, next: more ? { NextToken: Buffer.from(String(from + size)).toString('base64') } : {} };
  }
}
