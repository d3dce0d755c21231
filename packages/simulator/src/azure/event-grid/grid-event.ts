import { randomUUID } from 'node:crypto';
import { utcTime } from '../events/wire-time.ts';

/** The form in which a subscription wants its events. */
export type EventSchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

/** An event before it has taken the form of a subscription. */
export interface GridEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Epoch ms. */
  readonly at: number;
  readonly dataVersion: string;
}

export function gridEvent(
  topic: string,
  subject: string,
  type: string,
  data: Readonly<Record<string, unknown>>,
  at: number,
): GridEvent {
  return { id: randomUUID(), topic, subject, type, data, at, dataVersion: '1.0' };
}

/** An event in the form of its schema. */
export function gridObject(event: GridEvent, schema: EventSchema): Readonly<Record<string, unknown>> {
  const { id, topic, subject, type, data, dataVersion } = event;
  const time = utcTime(event.at);
  if (schema === 'CloudEventSchemaV1_0') return { specversion: '1.0', type, source: topic, subject, id, time, data };
  return { id, topic, subject, data, eventType: type, dataVersion, metadataVersion: '1', eventTime: time };
}

/** Body and content type of one event: an array of one in the Event Grid schema, a single object as CloudEvent. */
export function gridBody(
  event: GridEvent,
  schema: EventSchema,
): { readonly contentType: string; readonly body: string } {
  const object = gridObject(event, schema);
  return schema === 'CloudEventSchemaV1_0'
    ? { contentType: 'application/cloudevents+json; charset=utf-8', body: JSON.stringify(object) }
    : { contentType: 'application/json; charset=utf-8', body: JSON.stringify([object]) };
}

/** Body and content type of several events: an array in either schema. */
export function gridBatch(
  events: readonly GridEvent[],
  schema: EventSchema,
): { readonly contentType: string; readonly body: string } {
  const kind = schema === 'CloudEventSchemaV1_0' ? 'application/cloudevents-batch+json' : 'application/json';
  const objects = events.map((event) => gridObject(event, schema));
  return { contentType: `${kind}; charset=utf-8`, body: JSON.stringify(objects) };
}

/** The headers that tell a webhook what it is being sent. */
export function gridHeaders(
  kind: 'Notification' | 'SubscriptionValidation' | 'SubscriptionDeletion',
  subscription: string,
  event: GridEvent,
  deliveryCount: number,
): Record<string, string> {
  return {
    'aeg-event-type': kind,
    'aeg-subscription-name': subscription.toUpperCase(),
    'aeg-delivery-count': String(deliveryCount),
    'aeg-data-version': event.dataVersion,
    'aeg-metadata-version': '1',
  };
}
