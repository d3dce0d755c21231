import { VOICE_RATE } from '../../call/virtual-call.ts';
import { held } from '../../clock/held.ts';
import { encodeMp4Audio } from '../../media/index.ts';
import type { ChimeEnvironment } from '../environment.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import { AccessDenied, writeArtifact } from './artifact-writer.ts';
import { MediaPipeline } from './media-pipeline.ts';
import { MeetingEventLog } from './meeting-event-log.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';
import { chunkStamp, keyIn, type Sink } from './sink.ts';

export interface CaptureRequest {
  readonly sourceArn: string;
  readonly sinkArn: string;
  readonly sink: Sink;
  /** What is muxed with the mixed voices. */
  readonly mux: 'AudioOnly' | 'AudioWithActiveSpeakerVideo' | 'AudioWithCompositedVideo';
  /** Members that the API echoes: ChimeSdkMeetingConfiguration, SseAwsKeyManagementParams, SinkIamRoleArn. */
  readonly echoed: Readonly<Record<string, unknown>>;
}

export type ArtifactName = 'audio' | 'composited-video' | 'meeting-events';

/**
 * Captures a meeting in chunks of a few seconds: the mixed voices as MP4, and what happened as text. Where video is asked
 * for it is a still picture: the active speaker's in the chunks of the voices, the composited one with the voices in
 * chunks of its own. The documentation names that folder and not what is in it.
 */
export class CapturePipeline extends MediaPipeline {
  readonly type = 'MediaCapturePipeline';
  readonly sink: Sink;
  readonly #request: CaptureRequest;
  readonly #meeting: SimulatedMeeting;
  readonly #log = new MeetingEventLog();
  readonly #chunks: Record<ArtifactName, string[]> = {
    audio: [],
    'composited-video': [],
    'meeting-events': [],
  };

  constructor(
    request: CaptureRequest,
    meeting: SimulatedMeeting,
    environment: ChimeEnvironment,
    options: ResolvedPipelineOptions,
  ) {
    super(meeting, environment, options);
    this.sink = request.sink;
    this.#request = request;
    this.#meeting = meeting;
    meeting.ended.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** Whether the files of an artifact show a picture. */
  shows(artifact: ArtifactName): boolean {
    return artifact === 'composited-video' || this.#request.mux === 'AudioWithActiveSpeakerVideo';
  }

  /** Keys of the files written so far, in order. */
  chunks(artifact: ArtifactName): readonly string[] {
    return [...this.#chunks[artifact]];
  }

  protected particulars(): object {
    return {
      SourceType: 'ChimeSdkMeeting',
      SourceArn: this.#request.sourceArn,
      SinkType: 'S3Bucket',
      SinkArn: this.#request.sinkArn,
      ...this.#request.echoed,
    };
  }

  protected async work(): Promise<'done' | 'failed'> {
    const { clock } = this.environment;
    const seat = this.#meeting.seatPipeline(this.id);
    const unwatch = this.#meeting.onPresence((presence, attendee) =>
      this.#log.add(clock.now(), presence, attendee.attendeeId),
    );
    this.#log.add(clock.now(), 'CaptureStarted');
    for (const { attendeeId } of this.#meeting.present) this.#log.add(clock.now(), 'AttendeeJoined', attendeeId);
    try {
      for (let goesOn = true, from = clock.now(); goesOn; ) {
        goesOn = await this.waits(Math.max(0, from + this.options.chunkMs - clock.now()));
        const to = clock.now();
        if (!goesOn) this.#log.add(to, 'CaptureEnded');
        await this.#writeChunk(from, to, !goesOn);
        from = to;
      }
      return 'done';
    } catch (error) {
      if (error instanceof AccessDenied) return 'failed';
      throw error;
    } finally {
      unwatch();
      if (this.#meeting.attendees.includes(seat)) this.#meeting.leave(seat.attendeeId);
    }
  }

  async #writeChunk(from: number, to: number, last: boolean): Promise<void> {
    const { environment, sink } = this;
    const stamp = chunkStamp(from);
    const samples = this.#meeting.call.render(this.#meeting.voices, from, to);
    if (samples.length > 0) {
      const { mux } = this.#request;
      await this.#writeMedia('audio', samples, stamp, last);
      if (mux === 'AudioWithCompositedVideo') await this.#writeMedia('composited-video', samples, stamp, last);
    }
    const text = this.#log.take();
    if (text === undefined) return;
    const key = keyIn(sink, 'meeting-events', `${stamp}.txt`);
    const delivery = { kind: 'meeting-events', bucket: sink.bucket, key, last } as const;
    if (await writeArtifact(environment, delivery, Buffer.from(text), 'text/plain')) {
      this.#chunks['meeting-events'].push(key);
    }
  }

  async #writeMedia(
    artifact: 'audio' | 'composited-video',
    samples: Int16Array,
    stamp: string,
    last: boolean,
  ): Promise<void> {
    const { environment, sink } = this;
    const key = keyIn(sink, artifact, `${stamp}.mp4`);
    const bytes = await held(environment.clock, encodeMp4Audio(samples, VOICE_RATE, { picture: this.shows(artifact) }));
    const delivery = { kind: 'capture-chunk', bucket: sink.bucket, key, last } as const;
    if (await writeArtifact(environment, delivery, bytes, 'video/mp4')) this.#chunks[artifact].push(key);
  }
}
