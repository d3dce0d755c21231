import { OnRecordError } from '@onrecord/core';

/** An event of EventBridge, as far as it is read here. */
export interface EventBridgeEvent {
  /** Missing in some forwarded payloads. */
  readonly id?: string | undefined;
  readonly source: string;
  readonly 'detail-type': string;
  readonly account: string;
  /** Control region. */
  readonly region: string;
  readonly time?: string | undefined;
  readonly detail: { readonly [member: string]: unknown };
}

/** Largest event that EventBridge carries. */
const maxBytes = 256 * 1024;

/**
 * Reads one event: as EventBridge posts it, or as SNS wraps it for a queue.
 * @throws OnRecordError `invalid-request` for anything else.
 */
export function readEventBridge(body: Uint8Array): EventBridgeEvent {
  if (body.byteLength > maxBytes) throw malformed(`it has ${body.byteLength} bytes of at most ${maxBytes}`);
  const outer = parse(body);
  const event = typeof outer['Message'] === 'string' ? parse(Buffer.from(outer['Message'])) : outer;
  const { source, account, region, detail } = event;
  const names = [source, event['detail-type'], account, region];
  if (!names.every((name) => typeof name === 'string') || !isObject(detail)) {
    throw malformed('source, detail-type, account, region and detail are not all there');
  }
  return event as object as EventBridgeEvent;
}

function parse(bytes: Uint8Array): { readonly [member: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw malformed('it is not JSON');
  }
  if (isObject(value)) return value;
  throw malformed('it is not an object');
}

function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(why: string): OnRecordError {
  return new OnRecordError('invalid-request', `This is not an event of EventBridge: ${why}.`, {
    remedy: 'Let the rule forward matched events unchanged, without an input transformer.',
  });
}
