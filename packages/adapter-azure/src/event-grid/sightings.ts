import { type MediaSighting, timestamp } from '@onrecord/core';
import { azureCapabilities } from '../capabilities.ts';
import { amountAt, type Incoming, indexAt, textAt } from '../json-reader.ts';
import { sensibleMs } from '../metadata/pauses.ts';
import { keyOf, type Place, type ToldFile } from './file-places.ts';

const containers = { wav: 'audio/wav', mp3: 'audio/mpeg', mp4: 'video/mp4' } as const;

export interface SightingContext {
  /** `data` of the event. */
  readonly data: Incoming;
  /** How many files the event tells of. */
  readonly count: number;
  /** When the service said that the file was there, epoch ms. */
  readonly seenAtMs: number;
}

/** A file and its metadata. What the service holds it deletes after a day; what lies in our own container stays. */
export function sightingsOf({ file, places }: ToldFile, context: SightingContext): readonly MediaSighting[] {
  const { content, metadata, deleteLocation } = places;
  if (!content) return [];
  const key = keyOf(file, content);
  const index = indexAt(file, 'index');
  const durationMs = durationOf(file, context);
  const common = (place: Place) => ({
    uri: place.uri,
    ...(index === undefined ? {} : { index }),
    ...(place.hosted ? { expiresAt: timestamp(context.seenAtMs + azureCapabilities.hostedForMs) } : {}),
  });
  const master: MediaSighting = {
    key,
    role: 'master',
    ...formatOf(context.data),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(deleteLocation === undefined ? {} : { access: { deleteLocation } }),
    ...common(content),
  };
  if (!metadata) return [master];
  const metadataKey = metadata.hosted ? `${key}/metadata` : metadata.uri;
  return [master, { key: metadataKey, role: 'metadata', mediaType: 'application/json', ...common(metadata) }];
}

/** The event knows the length of the whole recording: of a file only where it is the only one. */
function durationOf(file: Incoming, { data, count }: SightingContext): number | undefined {
  const first = (indexAt(file, 'index') ?? 0) === 0;
  const full = textAt(file, 'endReason')?.toLowerCase().startsWith('chunk') ?? false;
  return count === 1 && first && !full ? sensibleMs(amountAt(data, 'recordingDurationMs')) : undefined;
}

/** Written `Wav` here and `wav` elsewhere; absent from older events. */
function formatOf(data: Incoming): Pick<MediaSighting, 'container' | 'mediaType'> {
  const word = textAt(data, 'recordingFormatType')?.toLowerCase() ?? '';
  if (!Object.hasOwn(containers, word)) return {};
  const container = word as keyof typeof containers;
  return { container, mediaType: containers[container] };
}
