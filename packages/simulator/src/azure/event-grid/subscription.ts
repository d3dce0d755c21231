import { held } from '../../clock/held.ts';
import { type OutgoingLimits, sendToLoopback } from '../events/post.ts';
import { type EventSchema, type GridEvent, gridBody, gridHeaders } from './grid-event.ts';
import { isDelivered, retryWait } from './retry-schedule.ts';

/** What a webhook subscribes to; defaults are the service's. */
export interface SubscriptionRequest {
  /** https, unless http callbacks are allowed; a secret may stand in the query. */
  readonly url: string;
  /** @default 'EventGridSchema' */
  readonly schema?: EventSchema | undefined;
  /** @default 'recordings' */
  readonly name?: string | undefined;
  /** Full event types; omitted, all. */
  readonly includedEventTypes?: readonly string[] | undefined;
  /** @default 30 */
  readonly maxDeliveryAttempts?: number | undefined;
  /** @default 1440 */
  readonly eventTimeToLiveMinutes?: number | undefined;
}

/** One attempt to deliver an event, or its end. */
export interface GridDelivery {
  /** Wall time of the simulator's clock, epoch ms. */
  readonly at: number;
  readonly eventId: string;
  /** From 1; 0 for an event that a fault kept from being sent at all. */
  readonly attempt: number;
  /** What the webhook answered; undefined when it did not. */
  readonly status: number | undefined;
  /** `dropped`: attempts or time to live are used up; dead-lettering is off, as by default. */
  readonly outcome: 'delivered' | 'retried' | 'dropped' | 'lost';
}

/** A proven webhook, and what was sent to it. */
export class EventGridSubscription {
  readonly url: string;
  readonly #request: SubscriptionRequest;
  readonly #limits: OutgoingLimits;
  readonly #deliveries: GridDelivery[] = [];

  constructor(request: SubscriptionRequest, limits: OutgoingLimits) {
    this.url = request.url;
    this.#request = request;
    this.#limits = limits;
  }

  deliveries(): readonly GridDelivery[] {
    return [...this.#deliveries];
  }

  /** Whether events of this type are to be sent. */
  wants(type: string): boolean {
    return this.#request.includedEventTypes?.includes(type) ?? true;
  }

  /** Notes an event that will never come. */
  lose(event: GridEvent): void {
    this.#note(event, 0, undefined, 'lost');
  }

  /** Sends an event until it is answered 200 to 204, by the retry schedule, or is too old or tried too often. */
  deliver(event: GridEvent): void {
    this.#attempts(event).catch((error: unknown) => {
      if (!this.#limits.signal.aborted) throw error;
    });
  }

  async #attempts(event: GridEvent): Promise<void> {
    const { clock, signal } = this.#limits;
    const { maxDeliveryAttempts = 30, eventTimeToLiveMinutes = 1_440 } = this.#request;
    const end = clock.monotonic() + eventTimeToLiveMinutes * 60_000;
    for (let attempt = 1; ; attempt++) {
      const status = await held(clock, this.#send(event, attempt));
      if (status !== undefined && isDelivered(status)) return this.#note(event, attempt, status, 'delivered');
      const wait = retryWait(attempt, status);
      if (attempt >= maxDeliveryAttempts || clock.monotonic() + wait > end) {
        return this.#note(event, attempt, status, 'dropped');
      }
      this.#note(event, attempt, status, 'retried');
      await clock.delay(wait, { signal });
    }
  }

  async #send(event: GridEvent, attempt: number): Promise<number | undefined> {
    const { schema = 'EventGridSchema', name = 'recordings' } = this.#request;
    const { contentType, body } = gridBody(event, schema);
    const headers = { ...gridHeaders('Notification', name, event, attempt - 1), 'content-type': contentType };
    try {
      return (await sendToLoopback({ method: 'POST', url: this.url, headers, body }, this.#limits)).status;
    } catch (error) {
      this.#limits.signal.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      return undefined;
    }
  }

  #note(event: GridEvent, attempt: number, status: number | undefined, outcome: GridDelivery['outcome']): void {
    this.#deliveries.push({ at: this.#limits.clock.now(), eventId: event.id, attempt, status, outcome });
  }
}
