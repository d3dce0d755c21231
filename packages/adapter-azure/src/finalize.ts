import {
  type DriverContext,
  type MediaSighting,
  OnRecordError,
  type Outcome,
  type PartTarget,
  timestamp,
} from '@onrecord/core';
import type { ContentClient } from './content/content-client.ts';
import { type FileFact, filesOf } from './file-facts.ts';
import { isObject } from './json-reader.ts';
import { type ChunkMetadata, readMetadata } from './map-metadata.ts';
import { reportOn } from './map-state.ts';
import { heardTracks } from './map-tracks.ts';

/** A metadata file names at most the participants of one call; what is longer is none. */
const metadataLimit = 1_048_576;

/**
 * Learns from the metadata files what no event tells: whose voice is on which channel, and the pauses as the service
 * measured them. Done once; `accepted` until the file event has come. A metadata file that is gone, or is none, leaves
 * the recording as it is.
 */
export async function finalizePart(part: PartTarget, content: ContentClient, context: DriverContext): Promise<Outcome> {
  const files = filesOf(part);
  if (files === undefined) return { kind: 'accepted' };
  const known: { readonly file: FileFact; readonly metadata: ChunkMetadata }[] = [];
  for (const file of files) {
    const metadata = await fetchMetadata(file.metadata, content, context);
    if (metadata) known.push({ file, metadata });
  }
  if (known.length === 0) return { kind: 'done', reports: [] };
  const receivedAt = timestamp(context.clock.now());
  const pauses = known.every(({ metadata }) => metadata.pauses !== undefined)
    ? { pauses: known.flatMap(({ metadata }) => metadata.pauses ?? []) }
    : {};
  const report = reportOn(part.correlation, {
    reportId: `azure/metadata/${known.map(({ file }) => file.key).join('+')}`,
    seen: { media: known.map(({ file, metadata }) => sightingOf(part, file, metadata)), ...pauses },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'poll',
    receivedAt,
  });
  return { kind: 'done', reports: [report] };
}

function sightingOf({ call, output }: PartTarget, { key, content }: FileFact, metadata: ChunkMetadata): MediaSighting {
  const { voices, channels, durationMs } = metadata;
  return {
    key,
    uri: content,
    role: 'master',
    container: output.container,
    tracks: heardTracks(call, output, voices),
    ...(channels === undefined ? {} : { channels }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

async function fetchMetadata(
  url: string,
  content: ContentClient,
  { signal }: DriverContext,
): Promise<ChunkMetadata | undefined> {
  try {
    const { body } = await content.open(url, { kind: 'metadata', signal });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > metadataLimit) return undefined;
    }
    const file: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return isObject(file) ? readMetadata(file) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || OnRecordError.is(error, 'not-found')) return undefined;
    throw error;
  }
}
