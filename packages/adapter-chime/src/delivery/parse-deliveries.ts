import {
  correlationOf,
  type DriverContext,
  type InboundRequest,
  type Parsed,
  type Report,
  timestamp,
} from '@onrecord/core';
import { checkEventSecret, type EventSecrets } from './event-secret.ts';
import { keyAt, type LandingPlace } from './landing.ts';
import { lastWrites, type ObjectCreated } from './object-created.ts';
import { objectReport, uriOf, writeOf } from './object-report.ts';
import { readBucketMessage } from './read-object-created.ts';
import { parseRecordingKey } from './recording-key.ts';

export interface DeliveryConfig extends EventSecrets {
  /** Without one, nothing that a bucket says is believed. */
  readonly landing: LandingPlace | undefined;
}

/**
 * Turns what a bucket says of recordings of a SIP media application, messages included, into reports: the file is there,
 * and its recording is over. Other objects, and those outside the landing place, are counted as unhandled.
 *
 * @throws OnRecordError `signature-invalid` over HTTP without the secret, `invalid-request` for no message of a bucket.
 */
export function parseDeliveries(request: InboundRequest, context: DriverContext, config: DeliveryConfig): Parsed {
  checkEventSecret(request, config);
  const { created, unhandled } = readBucketMessage(request.body);
  const reports: Report[] = [];
  let foreign = 0;
  for (const object of lastWrites(created)) {
    const there = config.landing && keyAt(object, config.landing);
    const subject = there === undefined ? undefined : subjectOf(object.key, there);
    if (subject) reports.push(deliveryReport(object, subject, timestamp(context.clock.now())));
    else foreign += 1;
  }
  return { reports, calls: [], unhandled: unhandled + foreign };
}

/** Sessions of a leg have one part. */
const part = 'p1';
const sessionId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const message = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/;

/** An object without content is no file; its recording is over all the same. */
function deliveryReport(object: ObjectCreated, subject: Report['subject'], receivedAt: string): Report {
  const { bytes, etag, versionId } = object;
  const delivery = {
    uri: uriOf(object),
    ...(bytes === undefined ? {} : { bytes }),
    ...(etag === undefined ? {} : { etag }),
    ...(versionId === undefined ? {} : { versionId }),
  };
  return objectReport(object, {
    subject,
    file: { role: 'master', container: 'wav' },
    seen: { ended: true, facts: { [`delivery/${writeOf(object)}`]: delivery } },
    receivedAt,
  });
}

/**
 * The destination of a recording of ours ends with the id of its session; of any other call recording, the leg must be
 * known. What follows the prefix of a message (RecordAudio) is not documented, so the id is looked for where it begins.
 */
function subjectOf(key: string, there: string): Report['subject'] | undefined {
  const recording = parseRecordingKey(key);
  if (recording) {
    const { prefix, transactionId, callId } = recording;
    const own = prefix.slice(prefix.lastIndexOf('/') + 1);
    return sessionId.test(own)
      ? { correlation: correlationOf(own, part) }
      : { providerKey: `${transactionId}/${callId}` };
  }
  const [own] = (key.endsWith('.wav') && message.exec(there)) || [];
  return own === undefined ? undefined : { correlation: correlationOf(own, part) };
}
