import { held } from '../../clock/held.ts';
import type { BlobExport } from '../blob/blob-export.ts';
import type { Documents } from '../storage/documents.ts';
import { type AzureWorld, later } from '../world.ts';
import type { Capture } from './capture.ts';
import { exportFiles } from './exported-files.ts';
import { type FileLocations, fileEventSubject, fileEvents } from './file-event.ts';
import { type FileFaults, metadataDelay } from './file-faults.ts';
import { type MadeFile, makeFiles } from './made-file.ts';
import type { Recording } from './recording.ts';

/** Where the files of a recording go and who is told. */
export interface RecordingFilesOptions {
  readonly documents: Documents;
  /** `https://storage.asm.skype.com:<port>` */
  readonly storageOrigin: string;
  /** Writes files into the customer's own containers; what it cannot write the service keeps. */
  readonly blobs: BlobExport;
  readonly faults: FileFaults;
  readonly publish: (subject: string, data: Readonly<Record<string, unknown>>) => void;
}

/** Makes the files of recordings that are over, stores them and announces them. */
export class RecordingFiles {
  readonly #world: AzureWorld;
  readonly #options: RecordingFilesOptions;

  constructor(world: AzureWorld, options: RecordingFilesOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** Lets the files of `captures`, at least one, appear after the file delay. */
  expect(recording: Recording, captures: readonly Capture[]): void {
    const { behaviour, clock } = this.#world;
    later(this.#world, behaviour.fileDelayMs, () => void held(clock, this.#make(recording, captures)));
  }

  async #make(recording: Recording, captures: readonly Capture[]): Promise<void> {
    const { behaviour, signal } = this.#world;
    const made = captures.flatMap((capture) => makeFiles(this.#world, recording, capture));
    const { serverCallId } = recording.call;
    const fault = this.#options.faults.take({ recordingId: recording.id, serverCallId, files: made.length });
    const files = fault === 'last-file-missing' ? made.slice(0, -1) : made;
    const metadataDelayMs = metadataDelay(fault);
    const exported = await exportFiles(this.#world, this.#options.blobs, recording, files, metadataDelayMs);
    if (signal.aborted) return;
    const locations = files.map((file, index) => exported[index] ?? this.#keep(recording, file, metadataDelayMs));
    const chunks = made.map(({ chunk }) => chunk);
    const storageType = exported.some((location) => location) ? behaviour.blobStorageType : 'ACS';
    const subject = fileEventSubject(recording, behaviour.subject);
    for (const data of fileEvents({ recording, captures, chunks, locations, storageType }, behaviour)) {
      this.#options.publish(subject, data);
    }
  }

  /** Stores a file with the service, for as long as it keeps one. */
  #keep({ order }: Recording, file: MadeFile, metadataDelayMs: number): FileLocations {
    const { documents, storageOrigin } = this.#options;
    const { documentId, chunk, content, metadata } = file;
    const { behaviour } = this.#world;
    const lifetimeMs = behaviour.retentionMs;
    documents.add(documentId, { content, metadata, lifetimeMs, metadataDelayMs });
    const location = `${storageOrigin}/v1/objects/${documentId}`;
    return {
      documentId,
      index: chunk.index,
      endReason: chunk.endReason,
      contentLocation: `${location}/content/${order.content === 'audio' ? behaviour.audioContentName : 'video'}`,
      metadataLocation: `${location}/content/acsmetadata`,
      deleteLocation: location,
    };
  }
}
