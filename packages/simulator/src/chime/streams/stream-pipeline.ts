import { type ChimeEnvironment, originNow } from '../environment.ts';
import { streamEvent } from '../events/event-bridge-event.ts';
import type { Attendee } from '../meetings/attendee.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import { MediaPipeline } from '../pipelines/media-pipeline.ts';
import type { ResolvedPipelineOptions } from '../pipelines/pipeline-options.ts';
import { fragmentAt, type StreamSession } from './kinesis-video-stream.ts';
import type { ResolvedStreamOptions } from './stream-options.ts';
import type { StreamPool } from './stream-pool.ts';

export interface StreamSink {
  readonly pool: StreamPool;
  readonly media: 'MixedAudio' | 'IndividualAudio';
  readonly capacity: number;
}

export interface StreamRequest {
  readonly sinks: readonly StreamSink[];
  /** Sources and Sinks, which the API echoes. */
  readonly echoed: Readonly<Record<string, unknown>>;
}

/** Whose stream it is; undefined for everybody's voices together. */
type Speaker = Pick<Attendee, 'attendeeId' | 'externalUserId'> | undefined;
type Stream = ReturnType<StreamPool['take']>;

/**
 * Writes a meeting's voices into Kinesis video streams: one for all of them together, or one for each attendee, who keeps
 * it for the life of the pipeline and begins a new stretch of it at every return. The audio itself is not kept.
 */
export class StreamPipeline extends MediaPipeline {
  readonly type = 'MediaStreamPipeline';
  readonly #request: StreamRequest;
  readonly #meeting: SimulatedMeeting;
  readonly #streamOptions: ResolvedStreamOptions;
  readonly #own = new Map<StreamSink, Map<string, Stream>>();
  readonly #open = new Map<Stream, { readonly speaker: Speaker; readonly session: StreamSession }>();

  constructor(
    request: StreamRequest,
    meeting: SimulatedMeeting,
    environment: ChimeEnvironment,
    options: ResolvedPipelineOptions & ResolvedStreamOptions,
  ) {
    super(meeting, environment, options);
    this.#request = request;
    this.#meeting = meeting;
    this.#streamOptions = options;
    for (const { pool } of request.sinks) pool.use(this);
    meeting.ended.addEventListener('abort', () => this.stop(), { once: true });
  }

  protected particulars(): object {
    return this.#request.echoed;
  }

  protected async work(): Promise<'done' | 'failed'> {
    const seat = this.#meeting.seatPipeline(this.id);
    const individual = this.#request.sinks.filter(({ media }) => media === 'IndividualAudio');
    for (const sink of this.#request.sinks) if (sink.media === 'MixedAudio') this.#begin(sink, undefined);
    for (const sink of individual) for (const attendee of this.#meeting.present) this.#begin(sink, attendee);
    const unwatch = this.#meeting.activity.happenings.watch((happening) => {
      if (happening.type !== 'AttendeeJoined' && happening.type !== 'AttendeeLeft') return;
      const { type, attendeeId } = happening;
      const attendee = this.#meeting.attendees.find((one) => one.attendeeId === attendeeId);
      for (const sink of individual) {
        if (type === 'AttendeeLeft') this.#finish(this.#own.get(sink)?.get(attendeeId));
        else if (attendee) this.#begin(sink, attendee);
      }
    });
    await this.untilStopped();
    unwatch();
    for (const stream of [...this.#open.keys()]) this.#finish(stream);
    for (const { pool } of this.#request.sinks) pool.release(this.id);
    if (this.#meeting.attendees.includes(seat)) this.#meeting.leave(seat.attendeeId);
    return 'done';
  }

  #begin(sink: StreamSink, speaker: Speaker): void {
    const own = this.#own.get(sink) ?? new Map<string, Stream>();
    this.#own.set(sink, own);
    const name = speaker?.attendeeId ?? '';
    const known = own.get(name);
    if (!known && own.size >= sink.capacity && this.#streamOptions.beyondCapacity === 'no-stream') return;
    const stream = known ?? sink.pool.take(this.id);
    own.set(name, stream);
    if (this.#open.has(stream)) return;
    const from = this.environment.clock.now();
    const session: StreamSession = {
      mediaPipelineId: this.id,
      attendeeId: speaker?.attendeeId,
      from,
      startFragmentNumber: fragmentAt(from),
    };
    stream.sessions.push(session);
    this.#open.set(stream, { speaker, session });
    this.#tell('MediaPipelineKinesisVideoStreamStart', stream, speaker, session);
  }

  #finish(stream: Stream | undefined): void {
    const open = stream && this.#open.get(stream);
    if (!open) return;
    this.#open.delete(stream);
    const to = this.environment.clock.now();
    const session = { ...open.session, to, endFragmentNumber: fragmentAt(to) };
    stream.sessions[stream.sessions.indexOf(open.session)] = session;
    this.#tell('MediaPipelineKinesisVideoStreamEnd', stream, open.speaker, session);
  }

  #tell(eventType: string, { arn }: Stream, speaker: Speaker, session: StreamSession): void {
    const { environment } = this;
    const blank = this.#streamOptions.mixedAttendee === 'empty' ? { attendeeId: '', externalUserId: '' } : {};
    const { attendeeId, externalUserId } = speaker ?? {};
    const who = attendeeId === undefined ? blank : { attendeeId, externalUserId };
    const event = streamEvent(originNow(environment), eventType, this.meeting, this.id, {
      ...who,
      kinesisVideoStreamArn: arn,
      startFragmentNumber: session.startFragmentNumber,
      startTime: wholeSeconds(session.from),
      ...(session.to === undefined ? {} : { endTime: wholeSeconds(session.to) }),
      ...(session.endFragmentNumber === undefined ? {} : { endFragmentNumber: session.endFragmentNumber }),
    });
    environment.eventBridge.publish(event);
  }
}

/** `yyyy-mm-ddThh:mm:ssZ`, as the guide prints it. */
function wholeSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
