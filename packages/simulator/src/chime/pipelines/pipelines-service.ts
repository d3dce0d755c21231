import type { ChimeEnvironment } from '../environment.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import { JOINING } from '../object-store.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import { parseMeetingArn, parsePipelineArn } from './arn.ts';
import { CapturePipeline } from './capture-pipeline.ts';
import { readCaptureRequest } from './capture-request.ts';
import { type ConcatenationFaults, concatenationFaults } from './concatenation-faults.ts';
import { ConcatenationPipeline } from './concatenation-pipeline.ts';
import { readConcatenationRequest } from './concatenation-request.ts';
import type { MediaPipeline } from './media-pipeline.ts';
import { type PipelineOptions, type ResolvedPipelineOptions, resolvePipelineOptions } from './pipeline-options.ts';
import { PipelineRegistry, type RegisteredPipeline } from './pipeline-registry.ts';
import { openSink } from './sink.ts';

/** The source of a concatenation was captured at most so long ago. */
const MAX_SOURCE_AGE_MS = 30 * 24 * 3_600_000;

/** The media pipelines of one account and control region, and the API to them. */
export class PipelinesService {
  readonly #environment: ChimeEnvironment;
  readonly #options: ResolvedPipelineOptions;
  readonly #findMeeting: (meetingId: string) => SimulatedMeeting | undefined;
  /** The pipelines of every type; other services of the API add theirs. */
  readonly registry: PipelineRegistry;
  readonly concatenationFaults: ConcatenationFaults = concatenationFaults();
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
    const offered = { ...this.#operations, ...this.registry.tags.handlers };
    this.handlers = this.#options.available ? offered : refused(offered, environment.region);
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
    const request = readCaptureRequest(input);
    const meeting = this.meetingOf(request.sourceArn);
    const sink = openSink(request.sinkArn, this.#environment);
    const counts = (one: RegisteredPipeline) =>
      one instanceof CapturePipeline &&
      !one.over &&
      (this.#options.stoppingCounts || one.status !== 'Stopping') &&
      one.meeting === meeting;
    if (this.registry.all.some(counts)) {
      throw new ServiceError(
        'ResourceLimitExceeded',
        `Cannot create new media capture pipeline for source type 'ChimeSdkMeeting' and source arn '${request.sourceArn}'. Limit reached`,
      );
    }
    return new CapturePipeline({ ...request, sink }, meeting, this.#environment, this.#options);
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
    const { clock, accountId } = this.#environment;
    const { sourceArn, destination, joins } = readConcatenationRequest(input);
    const parsed = parsePipelineArn(sourceArn);
    if (parsed && parsed.accountId !== accountId) throw new ServiceError('Forbidden', 'Resource ownership mismatch');
    const here = parsed?.region === this.#environment.region;
    const source = parsed && here ? this.registry.find(parsed.pipelineId) : undefined;
    if (!(source instanceof CapturePipeline)) {
      throw new ServiceError('BadRequest', `There is no media capture pipeline ${sourceArn}`);
    }
    if (clock.now() - source.createdAt > MAX_SOURCE_AGE_MS) {
      throw new ServiceError('BadRequest', 'The media capture pipeline is older than 30 days.');
    }
    openSink(source.sinkArn, this.#environment, JOINING);
    const sink = openSink(destination, this.#environment);
    const echoed = { Sources: input['Sources'], Sinks: input['Sinks'] };
    const request = { source, sink, joins, echoed };
    return new ConcatenationPipeline(request, this.concatenationFaults, this.#environment, this.#options);
  }
}

/** The service has no host in other regions; the simulator has one host for all services, so it refuses. */
function refused(
  offered: Readonly<Record<string, OperationHandler>>,
  region: string,
): Readonly<Record<string, OperationHandler>> {
  const refuse = async (): Promise<never> => {
    throw new ServiceError('Forbidden', `There are no media pipelines in ${region}.`);
  };
  return Object.fromEntries(Object.keys(offered).map((name) => [name, refuse]));
}
