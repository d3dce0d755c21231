import { randomUUID } from 'node:crypto';
import { type BlobItem, BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { Azurite } from '../../../../../tools/testing/azurite.ts';
import type { AzureOptions } from '../options.ts';
import { type FileEventData, fileEvent, startRecording } from './record.ts';
import { openScene, type Scene } from './scene.ts';

/** What came of a recording that was asked to be exported. */
export interface Exported {
  readonly scene: Scene;
  readonly data: FileEventData;
  readonly recordingId: string;
  /** `https://<account>.blob.core.windows.net/<container>` */
  readonly container: string;
  readonly blobs: readonly BlobItem[];
  read(name: string): Promise<Buffer>;
}

export interface Wish {
  readonly options?: Partial<AzureOptions>;
  readonly more?: Readonly<Record<string, unknown>>;
  /** Below the container. */
  readonly location?: string;
  readonly prepare?: (scene: Scene) => void;
  readonly during?: (scene: Scene, recordingId: string) => Promise<void>;
}

/** A recording of two seconds that was asked to be exported into a new container of the account. */
export async function exported(
  azurite: Azurite,
  { options, more, location = '', prepare, during }: Wish = {},
): Promise<Exported> {
  const { account, accountKey, origin } = azurite;
  const name = `c${randomUUID()}`;
  const credential = new StorageSharedKeyCredential(account, accountKey);
  const client = new BlobServiceClient(`${origin}/${account}`, credential).getContainerClient(name);
  await client.create();
  const scene = await openScene({ blobAccounts: { [account]: { origin, accountKey } }, ...options });
  prepare?.(scene);
  const container = `https://${account}.blob.core.windows.net/${name}`;
  const recordingId = await startRecording(scene, {
    externalStorage: {
      recordingStorageKind: 'azureBlobStorage',
      recordingDestinationContainerUrl: `${container}${location}`,
    },
    ...more,
  });
  await scene.clock.advance(4_000);
  await during?.(scene, recordingId);
  const data = await fileEvent(scene);
  const blobs: BlobItem[] = [];
  for await (const blob of client.listBlobsFlat()) blobs.push(blob);
  const read = (blob: string): Promise<Buffer> => client.getBlobClient(blob).downloadToBuffer();
  return { scene, data, recordingId, container, blobs, read };
}

/** Name of the blob behind an address that an event gave. */
export function blobName(container: string, url: string): string {
  return decodeURIComponent(url.slice(container.length + 1));
}

/** Whether a file is in the service's own storage. */
export function keptByService(url: string): boolean {
  return url.startsWith('https://storage.asm.skype.com:');
}
