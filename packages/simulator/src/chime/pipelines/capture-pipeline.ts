import { held } from '../../clock/held.ts';
import type { ChimeEnvironment } from '../environment.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { VideoSpan } from '../meetings/video-streams.ts';
import { AccessDenied, writeArtifact } from './artifact-writer.ts';
import { CaptureLogs, TEXT_ARTIFACTS, type TextArtifact } from './capture-logs.ts';
import type { CaptureRequest } from './capture-request.ts';
import { camera, voices } from './chunk-media.ts';
import { MediaPipeline } from './media-pipeline.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';
import { chunkStamp, keyIn, type Sink } from './sink.ts';

/** Folders of a capture; what is shared lies among the cameras, with `#content` in its names. */
export type ArtifactName = 'audio' | 'video' | 'composited-video' | TextArtifact;

/** One file of a capture. */
export interface Chunk {
  readonly key: string;
  /** The attendee of a camera, with `#content` behind for what they share; undefined for what is of all. */
  readonly stream?: string | undefined;
}

/**
 * Captures a meeting in chunks of a few seconds: the mixed voices and the cameras asked for as MP4, and what happened as
 * text. Pictures are still: the active speaker's in the chunks of the voices, the composited one with the voices in
 * chunks of its own, the cameras without sound. The documentation names those folders and not what is in them.
 */
export class CapturePipeline extends MediaPipeline {
  readonly type = 'MediaCapturePipeline';
  readonly sink: Sink;
  readonly #request: CaptureRequest;
  readonly #meeting: SimulatedMeeting;
  readonly #logs: CaptureLogs;
  readonly #chunks = new Map<ArtifactName, Chunk[]>();
  #written = 0;

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
    this.#logs = new CaptureLogs(environment.clock, options);
    meeting.ended.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** As the request gave it. */
  get sinkArn(): string {
    return this.#request.sinkArn;
  }

  /** Whether the files of the voices show a picture. */
  get speakerShown(): boolean {
    return this.#request.mux === 'AudioWithActiveSpeakerVideo';
  }

  /** Files written so far, in order. */
  chunks(artifact: ArtifactName): readonly Chunk[] {
    return [...(this.#chunks.get(artifact) ?? [])];
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
    const { activity } = this.#meeting;
    const seat = this.#meeting.seatPipeline(this.id);
    const unwatch = activity.happenings.watch((happening) => this.#logs.add(happening));
    this.#logs.started();
    for (const { attendeeId } of this.#meeting.present) this.#logs.add({ type: 'AttendeeJoined', attendeeId });
    for (const attendeeId of activity.streams.on) this.#logs.add({ type: 'AttendeeVideoJoined', attendeeId });
    try {
      for (let goesOn = true, from = clock.now(); goesOn; ) {
        goesOn = await this.waits(Math.max(0, from + this.options.chunkMs - clock.now()));
        const to = clock.now();
        if (!goesOn) this.#logs.ended();
        await this.#writeChunk({ from, to }, !goesOn);
        this.#stumble(++this.#written);
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

  /** A trouble of the service that it overcomes by itself. */
  #stumble(written: number): void {
    if (!this.options.temporaryFailure) return;
    if (written === 1) this.publish('MediaPipelineTemporaryFailure');
    if (written === 2) this.publish('MediaPipelineResumed');
  }

  async #writeChunk(span: { readonly from: number; readonly to: number }, last: boolean): Promise<void> {
    const { options } = this;
    const { mux } = this.#request;
    const stamp = chunkStamp(span.from);
    await this.#writeMedia('audio', stamp, last, voices(this.#meeting, span, this.speakerShown, options));
    if (mux === 'AudioWithCompositedVideo') {
      await this.#writeMedia('composited-video', stamp, last, voices(this.#meeting, span, true, options));
    }
    for (const shown of this.#meeting.activity.streams.between(span.from, span.to)) {
      if (!this.#wanted(shown)) continue;
      const name = `${chunkStamp(shown.from)}-${shown.stream}`;
      await this.#writeMedia('video', name, last, camera(shown, options), shown.stream);
    }
    for (const artifact of TEXT_ARTIFACTS) await this.#writeText(artifact, stamp, last);
  }

  #wanted({ stream }: VideoSpan): boolean {
    if (stream.endsWith('#content')) return this.#request.content;
    const attendee = this.#meeting.attendees.find(({ attendeeId }) => attendeeId === stream);
    return this.#request.video && (attendee === undefined || this.#request.selects(attendee));
  }

  async #writeMedia(
    artifact: ArtifactName,
    name: string,
    last: boolean,
    media: Promise<Uint8Array | undefined>,
    stream?: string,
  ): Promise<void> {
    const bytes = await held(this.environment.clock, media);
    if (bytes) await this.#write('capture-chunk', artifact, `${name}.mp4`, last, bytes, 'video/mp4', stream);
  }

  async #writeText(artifact: TextArtifact, stamp: string, last: boolean): Promise<void> {
    const text = this.#logs.take(artifact);
    if (text === undefined) return;
    const kind = artifact === 'meeting-events' ? artifact : 'capture-chunk';
    await this.#write(kind, artifact, `${stamp}.txt`, last, Buffer.from(text), 'text/plain');
  }

  async #write(
    kind: 'capture-chunk' | 'meeting-events',
    artifact: ArtifactName,
    name: string,
    last: boolean,
    bytes: Uint8Array,
    contentType: string,
    stream?: string,
  ): Promise<void> {
    const key = keyIn(this.sink, artifact, name);
    const delivery = { kind, bucket: this.sink.bucket, key, last };
    if (!(await writeArtifact(this.environment, delivery, bytes, contentType))) return;
    const chunk = stream === undefined ? { key } : { key, stream };
    const chunks = this.#chunks.get(artifact) ?? [];
    chunks.push(chunk);
    this.#chunks.set(artifact, chunks);
  }
}
