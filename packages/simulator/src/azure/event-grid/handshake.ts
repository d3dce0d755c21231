import { randomUUID } from 'node:crypto';
import { held } from '../../clock/held.ts';
import { type Outgoing, type OutgoingLimits, type Received, sendToLoopback } from '../events/post.ts';
import { utcTime } from '../events/wire-time.ts';
import { isRecord } from '../schema/shape.ts';
import { type EventSchema, type GridEvent, gridBody, gridEvent, gridHeaders } from './grid-event.ts';

/** How long a webhook may take to confirm by calling the validation URL. */
const MANUAL_LIMIT_MS = 600_000;

/** What Event Grid gives as its origin. */
const ORIGIN = 'eventgrid.azure.net';

/** A webhook did not prove that it wants the events. */
export class EventGridHandshakeError extends Error {
  constructor(url: string, reason: string) {
    super(`Event Grid webhook validation failed for ${new URL(url).origin}: ${reason}`);
    this.name = 'EventGridHandshakeError';
  }
}

export interface HandshakeOptions extends OutgoingLimits {
  readonly url: string;
  readonly schema: EventSchema;
  readonly subscription: string;
  readonly topic: string;
  /** Where a webhook can confirm by a GET instead of by its answer. */
  readonly validationUrl: (code: string) => string;
  /** Resolves when the validation URL with this code has been called. */
  readonly confirmed: (code: string) => Promise<void>;
}

/**
 * Proves that a webhook wants events, by the handshake of its schema.
 * @throws EventGridHandshakeError when it answers otherwise, or not at all, and does not confirm within 10 minutes.
 */
export async function validateWebhook(options: HandshakeOptions): Promise<void> {
  const code = randomUUID().toUpperCase();
  const confirmed = options.confirmed(code);
  const answer = await exchange(options, handshakeRequest(options, code));
  const byAnswer = options.schema === 'EventGridSchema' ? echoed(options, answer, code) : allowed(answer);
  if (byAnswer) return;
  const waiting = new AbortController();
  const signal = AbortSignal.any([options.signal, waiting.signal]);
  try {
    const late = options.clock.delay(MANUAL_LIMIT_MS, { signal }).then(() => 'late' as const);
    if ((await Promise.race([confirmed, late])) === 'late') {
      throw new EventGridHandshakeError(options.url, 'it was not confirmed within 10 minutes.');
    }
  } finally {
    waiting.abort();
  }
}

async function exchange(options: HandshakeOptions, outgoing: Outgoing): Promise<Received> {
  try {
    return await held(options.clock, sendToLoopback(outgoing, options));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EventGridHandshakeError(options.url, `it did not answer (${reason}).`);
  }
}

function handshakeRequest(options: HandshakeOptions, code: string): Outgoing {
  const { url, schema, subscription, clock } = options;
  const validationUrl = options.validationUrl(code);
  if (schema === 'CloudEventSchemaV1_0') {
    const headers = { 'webhook-request-origin': ORIGIN, 'webhook-request-callback': validationUrl };
    return { method: 'OPTIONS', url, headers };
  }
  const event: GridEvent = {
    ...gridEvent(
      options.topic,
      '',
      'Microsoft.EventGrid.SubscriptionValidationEvent',
      { validationCode: code, validationUrl },
      clock.now(),
    ),
    dataVersion: '2',
  };
  const { contentType, body } = gridBody(event, schema);
  const headers = { ...gridHeaders('SubscriptionValidation', subscription, event, 0), 'content-type': contentType };
  return { method: 'POST', url, headers, body };
}

/** Exactly 200 is accepted; without the code in it, the webhook may still confirm by the validation URL. */
function echoed(options: HandshakeOptions, answer: Received, code: string): boolean {
  if (answer.status !== 200) {
    throw new EventGridHandshakeError(options.url, `it answered ${answer.status}; only 200 is accepted.`);
  }
  try {
    const body: unknown = JSON.parse(answer.body.toString('utf8'));
    return isRecord(body) && body['validationResponse'] === code;
  } catch {
    return false;
  }
}

function allowed(answer: Received): boolean {
  const origin = answer.headers['webhook-allowed-origin'];
  return answer.status >= 200 && answer.status <= 299 && (origin === '*' || origin === ORIGIN);
}

/** Query of a validation URL, as the service makes it. */
export function validationQuery(code: string, nowMs: number): string {
  const query = new URLSearchParams({ id: code, t: utcTime(nowMs), apiVersion: '2018-05-01-preview' });
  return query.toString();
}
