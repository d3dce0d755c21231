import { type InboundRequest, OnRecordError } from '@onrecord/core';
import { type Incoming, isObject, textAt } from './json-reader.ts';

/** The one value of a header; lower-case name. */
export function headerOf(request: InboundRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.length === 1 ? value[0] : undefined;
}

/** @throws OnRecordError `invalid-request` when the request carries no absolute URL. */
export function urlOf(request: InboundRequest): URL {
  if (request.url !== undefined && URL.canParse(request.url)) return new URL(request.url);
  throw new OnRecordError('invalid-request', 'A message to the Azure adapter came without its public URL.', {
    remedy: 'Set publicUrl of the ingest handler.',
  });
}

/** An event with its type: CloudEvents call the member `type`, the Event Grid schema `eventType`. */
export interface TypedEvent {
  readonly type: string;
  readonly event: Incoming;
}

/**
 * The events of a body: an array, or one event alone.
 * @throws OnRecordError `invalid-request` for anything else, and for an event without a type.
 */
export function eventsOf(request: InboundRequest): readonly TypedEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch (cause) {
    throw malformed('it is no JSON text in UTF-8', cause);
  }
  const events: readonly unknown[] = Array.isArray(value) ? value : [value];
  return events.map((event) => {
    if (!isObject(event)) throw malformed('it holds something that is no event');
    const type = textAt(event, 'eventType') ?? textAt(event, 'type');
    if (type === undefined) throw malformed('it holds an event without a type');
    return { type, event };
  });
}

function malformed(what: string, cause?: unknown): OnRecordError {
  return new OnRecordError('invalid-request', `A message to the Azure adapter was not understood: ${what}.`, {
    blame: 'provider',
    ...(cause === undefined ? {} : { cause }),
  });
}
