import { randomUUID } from 'node:crypto';
import { encodeMp4Audio } from '../../media/index.ts';
import { newDocumentId } from '../call/ids.ts';
import { utcTime } from '../events/wire-time.ts';
import { CapturedAudio, RECORDING_RATE } from '../media/captured-audio.ts';
import { type Content, contentOf, wavContent } from '../media/content.ts';
import type { Documents } from '../storage/documents.ts';
import { type AzureWorld, later } from '../world.ts';
import { channelPlan } from './channel-plan.ts';
import { type Chunk, chunksOf } from './chunk.ts';
import { metadataOf } from './metadata.ts';
import type { Capture, Recording } from './recording.ts';

/** A file on its way into the customer's own container. */
export interface ExportedFile {
  readonly url: string;
  readonly bytes: number;
  readonly content: Iterable<Uint8Array>;
}

/** Where the files of a recording go and who is told. */
export interface RecordingFilesOptions {
  readonly documents: Documents;
  /** `https://storage.asm.skype.com:<port>` */
  readonly storageOrigin: string;
  /** Writes a file into a Blob container; without it, and when it throws, the export fails and the service keeps the files. */
  readonly exportFile: ((file: ExportedFile) => Promise<void>) | undefined;
  readonly publish: (subject: string, data: Readonly<Record<string, unknown>>) => void;
}

interface Locations {
  readonly documentId: string;
  readonly index: number;
  readonly endReason: Chunk['endReason'];
  readonly contentLocation: string;
  readonly metadataLocation: string;
  readonly deleteLocation: string;
}

/** Makes the files of recordings that are over and announces them, one event for all files of a recording. */
export class RecordingFiles {
  readonly #world: AzureWorld;
  readonly #options: RecordingFilesOptions;

  constructor(world: AzureWorld, options: RecordingFilesOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** Lets the files appear after the file delay. */
  expect(recording: Recording, capture: Capture): void {
    later(this.#world, this.#world.behaviour.fileDelayMs, () => void this.#make(recording, capture));
  }

  async #make(recording: Recording, capture: Capture): Promise<void> {
    const { behaviour, signal } = this.#world;
    const { call, order } = recording;
    const plan = channelPlan(call, capture.spans, order, behaviour);
    const chunks = chunksOf(call.call, capture, behaviour.maxChunkMs).map((chunk) => {
      const documentId = newDocumentId();
      const audio = new CapturedAudio(call.call, chunk.spans, plan.channels);
      const metadata = metadataOf({
        resourceId: this.#world.resourceId,
        callId: call.correlationId,
        documentId,
        chunk,
        durationMs: this.#durationMs(chunk),
        order,
        channelCount: audio.channelCount,
        participants: plan.participants,
      });
      return { chunk, documentId, audio, metadata: Buffer.from(JSON.stringify(metadata)) };
    });
    const kept = (file: (typeof chunks)[number]): Locations => this.#keep(recording, file);
    const exported = await this.#exportAll(recording, chunks);
    if (signal.aborted) return;
    const locations = exported ?? chunks.map(kept);
    const data = {
      recordingStartTime: utcTime(capture.startedAt),
      recordingDurationMs: Math.round(chunks.reduce((sum, { chunk }) => sum + this.#durationMs(chunk), 0)),
      recordingContentType: capitalised(order.content),
      recordingChannelType: capitalised(order.channels),
      recordingFormatType: capitalised(order.format),
      recordingId: recording.id,
      storageType: exported ? 'AzureBlob' : 'ACS',
      sessionEndReason: capture.endReason,
    };
    const events = behaviour.fileEvents === 'one' ? [locations] : locations.map((location) => [location]);
    for (const recordingChunks of events) {
      this.#options.publish(this.#subject(recording), { recordingStorageInfo: { recordingChunks }, ...data });
    }
  }

  #durationMs(chunk: Chunk): number {
    return this.#world.behaviour.durations === 'media' ? chunk.mediaMs : chunk.endedAt - chunk.startedAt;
  }

  #keep(recording: Recording, file: MadeFile): Locations {
    const { documents, storageOrigin } = this.#options;
    const { format, content } = recording.order;
    documents.add(
      file.documentId,
      () => contentIn(format, file.audio),
      file.metadata,
      this.#world.behaviour.retentionMs,
    );
    const location = `${storageOrigin}/v1/objects/${file.documentId}`;
    return {
      documentId: file.documentId,
      index: file.chunk.index,
      endReason: file.chunk.endReason,
      contentLocation: `${location}/content/${content === 'audio' ? 'audio' : 'video'}`,
      metadataLocation: `${location}/content/acsmetadata`,
      deleteLocation: location,
    };
  }

  /** Exports every file; undefined when nothing was to be exported or the export failed. */
  async #exportAll(recording: Recording, files: readonly MadeFile[]): Promise<readonly Locations[] | undefined> {
    const { containerUrl, format, content } = recording.order;
    const { exportFile } = this.#options;
    if (containerUrl === undefined || !exportFile) return undefined;
    const day = utcTime(recording.call.call.clock.now()).slice(0, 10).replaceAll('-', '');
    const folder = `${containerUrl.replace(/\/$/, '')}/${day}/${recording.call.correlationId}/${recording.id.slice(0, 8)}-${randomUUID()}`;
    const locations: Locations[] = [];
    try {
      for (const file of files) {
        const { documentId, chunk } = file;
        const contentLocation = `${folder}/${chunk.index}-${content.toLowerCase()}${format}.${documentId}.${format}`;
        const metadataLocation = `${folder}/${chunk.index}-acsmetadata.${documentId}.json`;
        await exportFile(exportable(contentLocation, await contentIn(format, file.audio)));
        await exportFile(exportable(metadataLocation, contentOf(file.metadata)));
        const { index, endReason } = chunk;
        const deleteLocation = contentLocation;
        locations.push({ documentId, index, endReason, contentLocation, metadataLocation, deleteLocation });
      }
      return locations;
    } catch {
      return undefined;
    }
  }

  /** The subject is the only place where the call's id stands. */
  #subject({ call, id }: Recording): string {
    const base = `/recording/call/${call.correlationId}`;
    switch (this.#world.behaviour.subject) {
      case 'call':
        return base;
      case 'recording':
        return `${base}/recordingId/${id}`;
      case 'server-call':
        return `${base}/serverCallId/${call.serverCallId}`;
      case 'server-call-and-recording':
        return `${base}/serverCallId/${call.serverCallId}/recordingId/${id}`;
    }
  }
}

interface MadeFile {
  readonly chunk: Chunk;
  readonly documentId: string;
  readonly audio: CapturedAudio;
  readonly metadata: Uint8Array;
}

/** MP4 files hold the mixed sound as Opus and a still picture as H.264; the service's own hold AAC, and who speaks. */
async function contentIn(format: 'wav' | 'mp4', audio: CapturedAudio): Promise<Content> {
  if (format === 'wav') return wavContent(audio);
  return contentOf(await encodeMp4Audio(audio.read(0, audio.frames), RECORDING_RATE, { picture: true }));
}

function exportable(url: string, content: Content): ExportedFile {
  return { url, bytes: content.bytes, content: content.read(0, content.bytes) };
}

/** Event Grid spells the values of the API with a capital letter. */
function capitalised(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1);
}
