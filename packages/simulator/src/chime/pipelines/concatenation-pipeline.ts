import { held } from '../../clock/held.ts';
import type { ChimeEnvironment } from '../environment.ts';
import { isGranted, JOINING } from '../object-store.ts';
import { AccessDenied, writeArtifact } from './artifact-writer.ts';
import type { ArtifactName, CapturePipeline, Chunk } from './capture-pipeline.ts';
import type { ConcatenationFault, ConcatenationFaults } from './concatenation-faults.ts';
import type { Joined } from './concatenation-request.ts';
import { joinChunks } from './join-chunks.ts';
import { MediaPipeline } from './media-pipeline.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';
import { keyIn, type Sink } from './sink.ts';

export interface ConcatenationRequest {
  readonly source: CapturePipeline;
  readonly sink: Sink;
  readonly joins: readonly Joined[];
  /** Sources and Sinks, which the API echoes. */
  readonly echoed: Readonly<Record<string, unknown>>;
}

/**
 * Joins the chunks of a capture pipeline, once that has stopped, into one file per artifact, and one per attendee where
 * cameras or shares are asked for. It reads the chunks from the bucket, so one that is missing or empty is missing from
 * the result. The chunks stay.
 */
export class ConcatenationPipeline extends MediaPipeline {
  readonly type = 'MediaConcatenationPipeline';
  readonly #request: ConcatenationRequest;
  readonly #faults: ConcatenationFaults;
  #fault: ConcatenationFault | undefined;

  constructor(
    request: ConcatenationRequest,
    faults: ConcatenationFaults,
    environment: ChimeEnvironment,
    options: ResolvedPipelineOptions,
  ) {
    super(request.source.meeting, environment, options);
    this.#request = request;
    this.#faults = faults;
  }

  protected particulars(): object {
    return this.#request.echoed;
  }

  protected async work(): Promise<'done' | 'failed'> {
    const { source, joins } = this.#request;
    const stopped = new Promise<void>((resolve) => {
      this.stopRequested.addEventListener('abort', () => resolve(), { once: true });
    });
    if (!source.over) this.become(this.options.waitingStatus);
    await Promise.race([source.finished, stopped]);
    this.become('InProgress');
    this.#fault = this.#faults.take({ pipelineId: this.id, sourceId: source.id });
    if (this.options.concatenationStuck || this.#fault === 'stuck') await stopped;
    if (this.stopRequested.aborted || !(await this.waits(this.options.concatenationMs))) return 'done';
    if (this.#fault === 'failed') return 'failed';
    if (this.#fault === 'missing') return 'done';
    try {
      for (const joined of joins) {
        const made = await this.#join(joined);
        if (joined === 'audio' && !made) return 'failed';
      }
      return 'done';
    } catch (error) {
      if (error instanceof AccessDenied) return 'failed';
      throw error;
    }
  }

  /** False when no chunk could be read. */
  async #join(joined: Joined): Promise<boolean> {
    const { source } = this.#request;
    switch (joined) {
      case 'audio':
        return this.#joinMedia('audio', source.chunks('audio'), { sound: true, picture: source.speakerShown });
      case 'composited-video':
        return this.#joinMedia(joined, source.chunks(joined), { sound: true, picture: true });
      case 'cameras':
      case 'shares':
        return this.#joinStreams(joined);
      default: {
        const text = this.#read(source.chunks(joined));
        if (text.length > 0) await this.#write(joined, `${this.id}.txt`, Buffer.concat(text), 'text/plain');
        return text.length > 0;
      }
    }
  }

  async #joinStreams(joined: 'cameras' | 'shares'): Promise<boolean> {
    const chunks = this.#request.source.chunks('video');
    const wanted = chunks.filter(({ stream }) => stream?.endsWith('#content') === (joined === 'shares'));
    for (const stream of new Set(wanted.map((chunk) => chunk.stream ?? ''))) {
      const own = wanted.filter((chunk) => chunk.stream === stream);
      await this.#joinMedia('video', own, { sound: false, picture: true }, this.#fileOf(stream));
    }
    return wanted.length > 0;
  }

  async #joinMedia(
    artifact: ArtifactName,
    chunks: readonly Chunk[],
    kind: { readonly sound: boolean; readonly picture: boolean },
    name: string = this.id,
  ): Promise<boolean> {
    const { clock } = this.environment;
    const shortByMs = typeof this.#fault === 'object' ? this.#fault.shortByMs : 0;
    const bytes = await held(clock, joinChunks(this.#read(chunks), { ...kind, shortByMs }, this.options));
    if (bytes) await this.#write(artifact, `${name}.mp4`, bytes, 'video/mp4');
    return bytes !== undefined;
  }

  #fileOf(stream: string): string {
    switch (this.options.attendeeFiles) {
      case 'pipeline-attendee':
        return `${this.id}-${stream}`;
      case 'attendee-pipeline':
        return `${stream}-${this.id}`;
      case 'attendee':
        return stream;
    }
  }

  /** @throws AccessDenied where the service may not read them any more */
  #read(chunks: readonly Chunk[]): readonly Uint8Array[] {
    const { bucket } = this.#request.source.sink;
    if (!isGranted(this.environment, bucket, 'mediapipelines.chime.amazonaws.com', JOINING)) {
      throw new AccessDenied(bucket);
    }
    return chunks.flatMap(({ key }) => this.environment.store.get(bucket, key)?.bytes ?? []);
  }

  /** With a prefix `<prefix>/<artifact>/<name>`, without one `<id>/<artifact>/<name>`. */
  async #write(artifact: ArtifactName, name: string, bytes: Uint8Array, contentType: string): Promise<void> {
    const { sink } = this.#request;
    const folder = sink.prefix === '' ? [this.id, artifact] : [artifact];
    const delivery = {
      kind: 'concatenation',
      bucket: sink.bucket,
      key: keyIn(sink, ...folder, name),
      last: true,
    } as const;
    await writeArtifact(this.environment, delivery, bytes, contentType);
  }
}
