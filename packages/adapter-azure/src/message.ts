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

/** Ids are stored, and looked up by; those of the service have some hundred characters at most. */
const longestId = 2_048;

/** The member, if it is a text that may be an id. */
export function idAt(object: Incoming, member: string): string | undefined {
  const text = textAt(object, member);
  return text !== undefined && text.length <= longestId ? text : undefined;
}

/** An event with its type: CloudEvents call the member `type`, the Event Grid schema `eventType`. */
export interface TypedEvent {
  readonly type: string;
  readonly event: Incoming;
}

/**
 * What a body holds, event by event: an array, or one event alone. None of them has been looked at.
 * @throws OnRecordError `invalid-request` for what is no JSON text.
 */
export function elementsOf(body: Uint8Array): readonly unknown[] {
  return elementsIn(textOf(body));
}

/** @throws OnRecordError `invalid-request` for what is no JSON text. */
export function elementsIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    // Not its cause: the parser's message quotes the text.
    throw malformed('it is no JSON text');
  }
}

/** @throws OnRecordError `invalid-request` for bytes that are no UTF-8. */
export function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw malformed('it is no text in UTF-8', cause);
  }
}

/** Whether {@link typedEvent} takes it. */
export function isTyped(element: unknown): boolean {
  return isObject(element) && typeIn(element) !== undefined;
}

function typeIn(element: Incoming): string | undefined {
  return textAt(element, 'eventType') ?? textAt(element, 'type');
}

/** @throws OnRecordError `invalid-request` for what is no event, or one without a type. */
export function typedEvent(element: unknown): TypedEvent {
  if (!isObject(element)) throw malformed('it holds something that is no event');
  const type = typeIn(element);
  if (type === undefined) throw malformed('it holds an event without a type');
  return { type, event: element };
}

function malformed(what: string, cause?: unknown): OnRecordError {
  return new OnRecordError('invalid-request', `A message to the Azure adapter was not understood: ${what}.`, {
    blame: 'provider',
    ...(cause === undefined ? {} : { cause }),
  });
}
