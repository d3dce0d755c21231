import { type DriverContext, type Parsed, timestamp } from '@onrecord/core';
import { lastWrites, type ObjectCreated } from '../delivery/object-created.ts';
import { objectReport } from '../delivery/object-report.ts';
import { readBucketMessage } from '../delivery/read-object-created.ts';
import { adoptionOf } from './adoption.ts';
import type { ChimeInsightsConfig } from './config.ts';
import { over } from './map-elements.ts';
import { parseOwnKey, tracksOf } from './map-pipeline.ts';
import { type About, aboutWhom } from './message.ts';
import { parseConnectorKey } from './recording-key.ts';

/** What the bucket says of recordings, in any wrapping: the file is there. Other objects are counted as unhandled. */
export function bucketMessage(body: Uint8Array, { clock }: DriverContext, config: ChimeInsightsConfig): Parsed {
  const { created, unhandled } = readBucketMessage(body);
  const now = timestamp(clock.now());
  const read = lastWrites(created).map((object) => readObject(object, config, now));
  return {
    reports: read.flatMap((one) => one?.report ?? []),
    adopt: read.flatMap((one) => one?.adopt ?? []),
    calls: [],
    unhandled: unhandled + read.filter((one) => one === undefined).length,
  };
}

function readObject(object: ObjectCreated, config: ChimeInsightsConfig, receivedAt: string) {
  const { bucket, key } = object;
  const [, extension] = /\.(wav|ogg)$/.exec(key) ?? [];
  if (bucket !== config.bucket || extension === undefined) return undefined;
  const file = whose(key, config);
  if (!file) return undefined;
  const { about, enhanced, startedAt } = file;
  const { voiceConnectorId, transactionId } = about;
  const adopted = adoptionOf(about, config, startedAt);
  const report = objectReport(object, {
    subject: about.subject,
    file: {
      role: enhanced ? 'derived' : 'master',
      container: extension === 'ogg' ? 'ogg' : 'wav',
      ...(voiceConnectorId === undefined ? {} : { tracks: tracksOf(`${voiceConnectorId}/${String(transactionId)}`) }),
    },
    seen: { ...(enhanced ? {} : over), ...(adopted ? { expects: [adopted.expects] } : {}) },
    receivedAt,
  });
  return { report, ...(adopted ? { adopt: adopted.adoption } : {}) };
}

function whose(
  key: string,
  config: ChimeInsightsConfig,
): { readonly about: About; readonly enhanced: boolean; readonly startedAt?: string } | undefined {
  const own = parseOwnKey(config, key);
  if (own) return { about: { subject: { correlation: own.correlation }, adopted: false }, enhanced: own.enhanced };
  const connector = parseConnectorKey(key);
  if (!connector || connector.prefix !== config.prefix) return undefined;
  const { voiceConnectorId, transactionId, enhanced, startedAt } = connector;
  const about = aboutWhom({ voiceConnectorId, transactionId }, config, undefined);
  return about && { about, enhanced, startedAt };
}
