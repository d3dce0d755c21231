import { createRecorder, createWorker, type Logger, memorySessionStore, type StorageDriver } from '@onrecord/core';
import { memory } from '@onrecord/storage';
import { azureServerCall } from '../../call-ref.ts';
import { openScene, type SceneOptions } from '../../testing/scene.ts';

export interface ArchivingOptions extends SceneOptions {
  /** Where files stay, with `none`, there is no archive. @default 'copy' */
  readonly mode?: 'copy' | 'move' | 'none' | undefined;
  readonly landing?: StorageDriver | undefined;
  /** What becomes of each file event before it is taken; it is held back where this gives undefined. */
  readonly alter?: ((event: FileEvent) => Promise<FileEvent | undefined>) | undefined;
}

/** `Microsoft.Communication.RecordingFileStatusUpdated`, as far as tests change it. */
export interface FileEvent {
  readonly data: {
    readonly recordingId: string;
    readonly recordingStorageInfo: { readonly recordingChunks: readonly FileChunk[] };
  };
}

export interface FileChunk {
  readonly documentId: string;
  readonly index: number;
  readonly contentLocation: string;
  readonly metadataLocation: string;
  readonly deleteLocation?: string;
}

/** A recorder on the scene's driver and webhooks whose files go to an archive in memory, by a worker of one lane. */
export async function archivingScene({ mode = 'copy', landing, alter, ...options }: ArchivingOptions = {}) {
  const scene = await openScene(options);
  await scene.azure.subscribe({ url: scene.gridUrl });
  const { clock, driver } = scene;
  const archive = memory({ clock });
  const store = memorySessionStore();
  const logged: string[] = [];
  const note: Logger['warn'] = (fields, message) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const logger: Logger = { debug: () => {}, info: note, warn: note, error: note };
  const instances = { azure: { driver, landing } };
  const worker = createWorker({ store, instances, archive, clock, logger, transfers: 1 });
  const recorder = createRecorder(driver, {
    store,
    ...(mode === 'none' ? {} : { archive: { store: archive, mode } }),
    ...(landing ? { landing } : {}),
    clock,
    instance: 'azure',
    worker,
    ingest: { publicUrl: scene.origin },
  });
  const ingest = (request: Request) => recorder.ingest(request);
  scene.handTo(async (request) => {
    const text = await request.clone().text();
    if (!alter || !text.includes('RecordingFileStatusUpdated')) return ingest(request);
    const events = await Promise.all((JSON.parse(text) as readonly FileEvent[]).map(alter));
    const kept = events.filter((event) => event !== undefined);
    if (kept.length === 0) return new Response(null, { status: 200 });
    return ingest(new Request(request, { body: JSON.stringify(kept) }));
  });
  const closing = new AbortController();
  const running = worker.run({ signal: closing.signal });
  return {
    scene,
    clock,
    recorder,
    archive,
    /** What the worker told, as text. */
    logged,
    /** The next call of the scene, connected and recorded. */
    async record(request: Omit<Parameters<typeof recorder.start>[0], 'call'> = {}) {
      const call = scene.place();
      await clock.advance(1_000);
      const session = await clock.until(recorder.start({ call: azureServerCall(call.ids()), ...request }));
      return { call, session };
    },
    /** Delivers a file event that was held back. */
    deliver: (event: FileEvent) =>
      ingest(
        new Request(scene.gridUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
          body: JSON.stringify([event]),
        }),
      ),
    /** The bytes at a location of the archive. */
    read(location: string): Uint8Array {
      const bytes = archive.native().get(archive.keyOf(location) ?? '');
      if (!bytes) throw new Error(`${location} is not in the archive`);
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running.catch(() => {});
      await recorder.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}
