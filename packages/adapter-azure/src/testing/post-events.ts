import type { InboundRequest } from '@onrecord/core';
import type { Scene } from './scene.ts';

type Event = Readonly<Record<string, unknown>>;

/** A callback of the service with these events, proven by the signature in the URL of calls, or in that of `like`. */
export function callbackWith(scene: Scene, events: unknown, like?: InboundRequest): InboundRequest {
  return {
    transport: 'http',
    method: 'POST',
    url: like?.url ?? scene.driver.callbackUrl(),
    headers: like?.headers ?? { 'content-type': 'application/json; charset=utf-8' },
    body: bytes(events),
  };
}

/** A delivery of Event Grid, proven by the secret in its URL. */
export function deliveryWith(scene: Scene, events: unknown): InboundRequest {
  return {
    transport: 'http',
    method: 'POST',
    url: scene.gridUrl,
    headers: { 'aeg-event-type': 'Notification' },
    body: bytes(events),
  };
}

/** What a queue was handed. */
export function queued(events: unknown): InboundRequest {
  return { transport: 'queue', headers: {}, body: bytes(events) };
}

function bytes(events: unknown): Uint8Array {
  return new TextEncoder().encode(typeof events === 'string' ? events : JSON.stringify(events));
}

/** A callback event, CloudEvents 1.0. */
export function callbackEvent(name: string, data: Event, more: Event = {}): Event {
  const type = `Microsoft.Communication.${name}`;
  const time = '2026-01-05T09:00:02.1234567+00:00';
  return { id: `${name}-1`, type, specversion: '1.0', time, data, ...more };
}

export const recordingId = 'eyJQbGF0Zm9ybUVuZHBvaW50SWQiOiIxIn0';
const storage = 'https://storage.asm.skype.com/v1/objects';

/** One chunk of a file event, as the service keeps it itself. */
export function chunk(documentId: string, more: Event = {}): Event {
  return {
    documentId,
    index: 0,
    endReason: 'SessionEnded',
    contentLocation: `${storage}/${documentId}/content/audio`,
    metadataLocation: `${storage}/${documentId}/content/acsmetadata`,
    deleteLocation: `${storage}/${documentId}`,
    ...more,
  };
}

/** A file event in the Event Grid schema, published at the beginning of the scene. */
export function fileEvent(chunks: readonly Event[], data: Event = {}, more: Event = {}): Event {
  return {
    id: 'file-event-1',
    topic: '/subscriptions/1/resourcegroups/g/providers/microsoft.communication/communicationservices/onrecord',
    subject: `/recording/call/c1/serverCallId/aHR0cHM6/recordingId/${recordingId}`,
    data: {
      recordingStorageInfo: { recordingChunks: chunks },
      recordingStartTime: '2026-01-05T08:59:00.7438177Z',
      recordingDurationMs: 12_000,
      recordingContentType: 'Audio',
      recordingChannelType: 'Mixed',
      recordingFormatType: 'Wav',
      recordingId,
      storageType: 'ACS',
      sessionEndReason: 'CallEnded',
      ...data,
    },
    eventType: 'Microsoft.Communication.RecordingFileStatusUpdated',
    dataVersion: '1.0',
    metadataVersion: '1',
    eventTime: '2026-01-05T09:00:00.1338790Z',
    ...more,
  };
}
