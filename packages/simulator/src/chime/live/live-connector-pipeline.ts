import type { ChimeEnvironment } from '../environment.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import { MediaPipeline } from '../pipelines/media-pipeline.ts';
import type { ResolvedPipelineOptions } from '../pipelines/pipeline-options.ts';

export interface LiveRequest {
  readonly url: string;
  readonly mux: 'AudioWithCompositedVideo' | 'AudioWithActiveSpeakerVideo';
  readonly audioChannels: 'Stereo' | 'Mono';
  readonly audioSampleRate: string;
  /** Sources and Sinks, which the API echoes. */
  readonly echoed: Readonly<Record<string, unknown>>;
}

/** One stretch of a meeting that was sent to an RTMP server. Times are epoch ms; `to` is absent while it lasts. */
export interface Published extends Omit<LiveRequest, 'echoed'> {
  readonly mediaPipelineId: string;
  readonly meetingId: string;
  readonly from: number;
  readonly to?: number | undefined;
}

/**
 * Sends a meeting to an RTMP server until it is stopped or its meeting ends. What would be published is written down;
 * no connection is made, so nothing tells whether a server can be reached.
 */
export class LiveConnectorPipeline extends MediaPipeline {
  readonly type = 'MediaLiveConnectorPipeline';
  readonly #request: LiveRequest;
  readonly #meeting: SimulatedMeeting;
  readonly #accepts: (url: string) => boolean;
  #published: Published | undefined;

  constructor(
    request: LiveRequest,
    meeting: SimulatedMeeting,
    environment: ChimeEnvironment,
    options: ResolvedPipelineOptions & { readonly accepts: (url: string) => boolean },
  ) {
    super(meeting, environment, options);
    this.#request = request;
    this.#meeting = meeting;
    this.#accepts = options.accepts;
    meeting.ended.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** Undefined before it is InProgress. */
  get published(): Published | undefined {
    return this.#published;
  }

  protected particulars(): object {
    return this.#request.echoed;
  }

  protected async work(): Promise<'done' | 'failed'> {
    const { echoed: _, ...request } = this.#request;
    if (!this.#accepts(request.url)) return 'failed';
    const { clock } = this.environment;
    const seat = this.#meeting.seatPipeline(this.id);
    const begun = { ...request, mediaPipelineId: this.id, meetingId: this.#meeting.meetingId, from: clock.now() };
    this.#published = begun;
    await this.untilStopped();
    this.#published = { ...begun, to: clock.now() };
    if (this.#meeting.attendees.includes(seat)) this.#meeting.leave(seat.attendeeId);
    return 'done';
  }
}
