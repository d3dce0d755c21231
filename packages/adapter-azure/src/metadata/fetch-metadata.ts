import { type DriverContext, OnRecordError, type OpenedMedia } from '@onrecord/core';
import type { ContentClient } from '../content/content-client.ts';
import { isObject } from '../json-reader.ts';
import { type ChunkMetadata, readMetadata } from './read-metadata.ts';

/** A metadata file names at most the participants of one call; what is longer is none. */
const metadataLimit = 1_048_576;

/** What a metadata file tells, or why nothing will be learnt from it, in a sentence without personal data. */
export type Fetched = { readonly metadata: ChunkMetadata } | { readonly missing: string };

/**
 * Reads a metadata file from the service, or from the container of one's own through the store that is registered for it.
 * @throws what may pass: the file is to be asked for again.
 */
export async function fetchMetadata(uri: string, content: ContentClient, context: DriverContext): Promise<Fetched> {
  try {
    const opened = await open(uri, content, context);
    if (!opened) {
      return {
        missing:
          'The metadata file of a recording lies in a container that no registered store holds: give the provider its `landing` store.',
      };
    }
    const text = await textOf(opened);
    if (text === undefined) return { missing: 'The metadata file of a recording is longer than any can be.' };
    const file: unknown = JSON.parse(text);
    return isObject(file)
      ? { metadata: readMetadata(file) }
      : { missing: 'The metadata file of a recording holds no JSON object.' };
  } catch (error) {
    if (error instanceof SyntaxError) return { missing: 'The metadata file of a recording is no JSON.' };
    if (OnRecordError.is(error, 'not-found')) return { missing: 'The metadata file of a recording is gone.' };
    if (OnRecordError.is(error, 'provider-contract') || OnRecordError.is(error, 'invalid-request')) {
      return { missing: `The metadata file of a recording cannot be fetched: ${error.message}` };
    }
    throw error;
  }
}

/** Only https addresses are the service's own. */
async function open(
  uri: string,
  content: ContentClient,
  { openLanded, signal }: DriverContext,
): Promise<OpenedMedia | undefined> {
  if (/^https:/i.test(uri)) return content.open(uri, { kind: 'metadata', signal });
  return openLanded?.(uri, { signal });
}

async function textOf({ body, bytes = 0 }: OpenedMedia): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (Math.max(size, bytes) > metadataLimit) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
