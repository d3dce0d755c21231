import { OnRecordError } from '@onrecord/core';
import { contentUrl } from '../content/content-url.ts';
import { type Incoming, textAt } from '../json-reader.ts';
import { idAt } from '../message.ts';
import { ownBlobUri } from '../own-container.ts';

/** Where something lies. */
export interface Place {
  readonly uri: string;
  /** Whether the service holds it, for a day, rather than our own container. */
  readonly hosted: boolean;
}

/** Where one file of a recording lies, as far as its addresses are of a kind that may be followed. */
export interface FilePlaces {
  readonly content?: Place | undefined;
  readonly metadata?: Place | undefined;
  /** Of a file that the service holds. */
  readonly deleteLocation?: string | undefined;
  /** Why an address was refused: without path, query and user name, any of which may hold a secret. */
  readonly refused: readonly string[];
}

/** One file of an event, and where it lies. */
export interface ToldFile {
  readonly file: Incoming;
  readonly places: FilePlaces;
}

/**
 * The key of a file: several may share a recordingId and even an index, but not a documentId. What lies in a container of
 * ours has its address for a key, by which it is known to those who find it there without an event.
 */
export function keyOf(file: Incoming, { uri, hosted }: Place): string {
  return hosted ? (idAt(file, 'documentId') ?? uri) : uri;
}

/**
 * Reads the addresses of a file. Nothing is followed but https on the storage hosts of the service, or below the
 * container of ours. Which of the two holds a file is told by its address alone: a file whose export failed comes with
 * an address of the service, whatever was asked for.
 */
export function placesOf(file: Incoming, container: URL | undefined): FilePlaces {
  const refused: string[] = [];
  const place = (member: string): Place | undefined => {
    const text = textAt(file, member);
    if (text === undefined) return undefined;
    const uri = container && ownBlobUri(text, container);
    if (uri !== undefined) return { uri, hosted: false };
    try {
      return { uri: contentUrl(text).href, hosted: true };
    } catch (error) {
      if (!OnRecordError.is(error)) throw error;
      refused.push(`${member} leads to ${originOf(text)}`);
      return undefined;
    }
  };
  const content = place('contentLocation');
  const metadata = place('metadataLocation');
  const location = place('deleteLocation');
  return { content, metadata, deleteLocation: location?.hosted ? location.uri : undefined, refused };
}

function originOf(text: string): string {
  if (!URL.canParse(text)) return 'nowhere';
  const { protocol, host } = new URL(text);
  return `${protocol}//${host.slice(0, 100)}`;
}
