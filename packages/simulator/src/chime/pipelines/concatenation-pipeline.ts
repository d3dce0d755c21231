import { OnRecordError } from '@onrecord/core';
import { VOICE_RATE } from '../../call/virtual-call.ts';
import { held } from '../../clock/held.ts';
import { decodeMp4Audio, encodeMp4Audio } from '../../media/index.ts';
import type { ChimeEnvironment } from '../environment.ts';
import { AccessDenied, writeArtifact } from './artifact-writer.ts';
import type { ArtifactName, CapturePipeline } from './capture-pipeline.ts';
import { MediaPipeline } from './media-pipeline.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';
import { keyIn, type Sink } from './sink.ts';

export interface ConcatenationRequest {
  readonly source: CapturePipeline;
  readonly sink: Sink;
  readonly artifacts: readonly ArtifactName[];
  /** Sources and Sinks, which the API echoes. */
  readonly echoed: Readonly<Record<string, unknown>>;
}

/**
 * Joins the chunks of a capture pipeline, once that has stopped, into one file per artifact. It reads the chunks from
 * the bucket, so one that is missing or empty is missing from the result. The chunks stay.
 */
export class ConcatenationPipeline extends MediaPipeline {
  readonly type = 'MediaConcatenationPipeline';
  readonly #request: ConcatenationRequest;

  constructor(request: ConcatenationRequest, environment: ChimeEnvironment, options: ResolvedPipelineOptions) {
    super(request.source.meeting, environment, options);
    this.#request = request;
  }

  protected particulars(): object {
    return this.#request.echoed;
  }

  protected async work(): Promise<'done' | 'failed'> {
    const stopped = new Promise<void>((resolve) => {
      this.stopRequested.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([this.#request.source.finished, stopped]);
    if (this.options.concatenationStuck) await stopped;
    if (this.stopRequested.aborted || !(await this.waits(this.options.concatenationMs))) return 'done';
    try {
      if (!(await this.#joinMedia('audio'))) return 'failed';
      if (this.#request.artifacts.includes('composited-video')) await this.#joinMedia('composited-video');
      if (this.#request.artifacts.includes('meeting-events')) await this.#joinEvents();
      return 'done';
    } catch (error) {
      if (error instanceof AccessDenied) return 'failed';
      throw error;
    }
  }

  /** False when no chunk could be read. */
  async #joinMedia(artifact: 'audio' | 'composited-video'): Promise<boolean> {
    const { clock } = this.environment;
    const picture = this.#request.source.shows(artifact);
    const pieces: Int16Array[] = [];
    for (const bytes of this.#read(artifact)) {
      const piece = await held(clock, readableChunk(bytes));
      if (piece) pieces.push(piece);
    }
    if (pieces.length === 0) return false;
    const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      samples.set(piece, at);
      at += piece.length;
    }
    await this.#write(
      artifact,
      'mp4',
      await held(clock, encodeMp4Audio(samples, VOICE_RATE, { picture })),
      'video/mp4',
    );
    return true;
  }

  async #joinEvents(): Promise<void> {
    const text = this.#read('meeting-events');
    if (text.length > 0) await this.#write('meeting-events', 'txt', Buffer.concat(text), 'text/plain');
  }

  #read(artifact: ArtifactName): readonly Uint8Array[] {
    const { source } = this.#request;
    const { store } = this.environment;
    return source.chunks(artifact).flatMap((key) => store.get(source.sink.bucket, key)?.bytes ?? []);
  }

  /** With a prefix `<prefix>/<artifact>/<id>.mp4`, without one `<id>/<artifact>/<id>.mp4`. */
  async #write(artifact: ArtifactName, extension: string, bytes: Uint8Array, contentType: string): Promise<void> {
    const { sink } = this.#request;
    const folder = sink.prefix === '' ? [this.id, artifact] : [artifact];
    const key = keyIn(sink, ...folder, `${this.id}.${extension}`);
    const delivery = { kind: 'concatenation', bucket: sink.bucket, key, last: true } as const;
    await writeArtifact(this.environment, delivery, bytes, contentType);
  }
}

async function readableChunk(bytes: Uint8Array): Promise<Int16Array | undefined> {
  try {
    return (await decodeMp4Audio(bytes)).channels[0];
  } catch (error) {
    if (error instanceof OnRecordError) return undefined;
    throw error;
  }
}
