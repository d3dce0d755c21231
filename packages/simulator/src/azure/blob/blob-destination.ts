import { randomUUID } from 'node:crypto';
import { utcTime } from '../events/wire-time.ts';

/** A container of the customer, or a place inside it, as a start names it. */
export interface BlobDestination {
  readonly account: string;
  readonly container: string;
  /** Path inside the container without slashes at its ends; '' for the container itself. */
  readonly location: string;
}

/** Host of every account in the public cloud. */
const BLOB_HOST = '.blob.core.windows.net';

/** Undefined for a URL that names no container of an account in Azure. */
export function blobDestination(containerUrl: string): BlobDestination | undefined {
  const { hostname, pathname } = new URL(containerUrl);
  const [container = '', ...location] = pathname.split('/').filter((segment) => segment !== '');
  const account = hostname.slice(0, -BLOB_HOST.length);
  if (!hostname.endsWith(BLOB_HOST) || !/^[a-z0-9]+$/.test(account) || container === '') return undefined;
  return { account, container, location: location.map(decodeURIComponent).join('/') };
}

/** Address of a blob as file events carry it, wherever the account really is. */
export function blobUrl({ account, container }: BlobDestination, name: string): string {
  return `https://${account}${BLOB_HOST}/${container}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

export interface FolderFacts {
  /** When the files are written, epoch ms. */
  readonly at: number;
  readonly callId: string;
  readonly recordingId: string;
}

/**
 * The folder of one recording inside its destination: `YYYYMMDD/{callId}/{first 8 of recordingId}-{guid}` (quickstart
 * "Bring your own Azure storage").
 */
export function blobFolder({ location }: BlobDestination, { at, callId, recordingId }: FolderFacts): string {
  const day = utcTime(at).slice(0, 10).replaceAll('-', '');
  const folder = `${day}/${callId}/${recordingId.slice(0, 8)}-${randomUUID()}`;
  return location === '' ? folder : `${location}/${folder}`;
}

export interface BlobNameFacts {
  readonly index: number;
  readonly documentId: string;
  readonly content: 'audio' | 'audioVideo';
  readonly format: 'wav' | 'mp3' | 'mp4';
}

/**
 * Names of a file and its metadata: `0-audiomp3.{documentId}.mp3` and `0-acsmetadata.{documentId}.json` by the
 * quickstart, which shows MP3 alone. Public programs read `0-audiowav.wav` and `0-acsmetadata.json`.
 */
export function blobNames(
  { index, documentId, content, format }: BlobNameFacts,
  style: 'documented' | 'without-document-id',
): { readonly media: string; readonly metadata: string } {
  const id = style === 'documented' ? `.${documentId}` : '';
  return {
    media: `${index}-${content.toLowerCase()}${format}${id}.${format}`,
    metadata: `${index}-acsmetadata${id}.json`,
  };
}
