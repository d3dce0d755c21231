import type { ChimeEnvironment } from '../environment.ts';
import type { ResolvedPipelineOptions } from '../pipelines/pipeline-options.ts';
import type { PipelinesService } from '../pipelines/pipelines-service.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import { LiveConnectorPipeline, type LiveRequest, type Published } from './live-connector-pipeline.ts';
import type { ResolvedLiveOptions } from './live-options.ts';

interface Source {
  readonly ChimeSdkMeetingLiveConnectorConfiguration: { readonly Arn: string; readonly MuxType: LiveRequest['mux'] };
}
interface Sink {
  readonly RTMPConfiguration: {
    readonly Url: string;
    readonly AudioChannels?: LiveRequest['audioChannels'];
    readonly AudioSampleRate?: string;
  };
}

/** The live connectors of one account and control region, and the API to them. */
export class LiveConnectors {
  readonly #environment: ChimeEnvironment;
  readonly #pipelines: PipelinesService;
  readonly #options: ResolvedPipelineOptions & ResolvedLiveOptions;

  constructor(
    environment: ChimeEnvironment,
    pipelines: PipelinesService,
    options: ResolvedPipelineOptions & ResolvedLiveOptions,
  ) {
    this.#environment = environment;
    this.#pipelines = pipelines;
    this.#options = options;
  }

  /** What was, or is, sent to RTMP servers, in the order of the requests. */
  get published(): readonly Published[] {
    return this.#own.flatMap(({ published }) => published ?? []);
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    CreateMediaLiveConnectorPipeline: async (input) => ({
      MediaLiveConnectorPipeline: this.#pipelines.registry
        .once('CreateMediaLiveConnectorPipeline', input, () => this.#create(input))
        .describe(),
    }),
  };

  get #own(): readonly LiveConnectorPipeline[] {
    return this.#pipelines.registry.all.filter((one) => one instanceof LiveConnectorPipeline);
  }

  #create(input: RequestInput): LiveConnectorPipeline {
    const [source] = input['Sources'] as readonly [Source];
    const [sink] = input['Sinks'] as readonly [Sink];
    const { Arn: sourceArn, MuxType: mux } = source.ChimeSdkMeetingLiveConnectorConfiguration;
    const { Url: url, AudioChannels: audioChannels = 'Mono', AudioSampleRate } = sink.RTMPConfiguration;
    const meeting = this.#pipelines.meetingOf(sourceArn);
    if (!/^rtmps?:\/\/./i.test(url)) throw new ServiceError('BadRequest', 'The RTMP URL is invalid.');
    const counts = (one: LiveConnectorPipeline) =>
      !one.over && (this.#options.stoppingCounts || one.status !== 'Stopping') && one.meeting === meeting;
    if (this.#own.some(counts)) {
      throw new ServiceError(
        'ResourceLimitExceeded',
        `Cannot create new media live connector pipeline for source arn '${sourceArn}'. Limit reached`,
      );
    }
    const audioSampleRate = AudioSampleRate ?? this.#options.defaultAudioSampleRate;
    const echoed = { Sources: input['Sources'], Sinks: input['Sinks'] };
    const request: LiveRequest = { url, mux, audioChannels, audioSampleRate, echoed };
    return new LiveConnectorPipeline(request, meeting, this.#environment, this.#options);
  }
}
