import type { MediaSighting, Report, Seen } from '@onrecord/core';
import { comparable, type ObjectCreated } from './object-created.ts';

export interface ObjectReportOptions {
  readonly subject: Report['subject'];
  /** What sort of file it is. */
  readonly file: Pick<MediaSighting, 'role' | 'container' | 'tracks'>;
  /** What else the object shows. */
  readonly seen: Omit<Seen, 'media'>;
  /** RFC 3339. */
  readonly receivedAt: string;
}

/**
 * What an object shows. The same object told of twice, by either kind of message, is one report: sequencers are equal
 * then. Of two writes of one key the later one stands. An object without content is no file.
 */
export function objectReport(object: ObjectCreated, { subject, file, seen, receivedAt }: ObjectReportOptions): Report {
  const { bytes, sequencer, at } = object;
  const uri = uriOf(object);
  const sighting: MediaSighting = {
    key: uri,
    uri,
    ...file,
    ...(bytes === undefined ? {} : { bytes }),
    ...(sequencer === undefined ? {} : { version: comparable(sequencer) }),
  };
  return {
    reportId: `s3/${uri}/${writeOf(object)}`,
    subject,
    seen: { ...seen, ...(bytes === 0 ? {} : { media: [sighting] }) },
    cause: { unattributed: true },
    clock: at === undefined ? { domain: 'none' } : { domain: 'provider:s3', at },
    via: 'storage',
    receivedAt,
  };
}

export function uriOf({ bucket, key }: ObjectCreated): string {
  return `s3://${bucket}/${key}`;
}

/** Tells the writes of one key apart; empty when nothing does. */
export function writeOf({ sequencer, etag, at }: ObjectCreated): string {
  return sequencer ?? etag ?? at ?? '';
}
