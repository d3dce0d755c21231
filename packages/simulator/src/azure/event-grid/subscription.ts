import { held } from '../../clock/held.ts';
import { type OutgoingLimits, sendToLoopback } from '../events/post.ts';
import { DEAD_LETTER_DELAY_MS, type DeadLetterReason, deadLetter, type GivenUp } from './dead-letter.ts';
import { type EventSchema, type GridEvent, gridBatch, gridBody, gridEvent, gridHeaders } from './grid-event.ts';
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
  /**
   * Events of one moment that go together in one POST, as an array in either schema; 1 to 5000. None is held back to fill
   * a batch.
   * @default 1
   */
  readonly maxEventsPerBatch?: number | undefined;
  /** Whether what cannot be delivered is kept as a dead letter instead of dropped. @default false */
  readonly deadLetter?: boolean | undefined;
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
  /** `dropped` or, where dead-lettering is on, `dead-lettered`: attempts or time to live are used up. */
  readonly outcome: 'delivered' | 'retried' | 'dropped' | 'dead-lettered' | 'lost';
}

/** A proven webhook, and what was sent to it. */
export class EventGridSubscription {
  readonly url: string;
  readonly #request: SubscriptionRequest;
  readonly #limits: OutgoingLimits;
  readonly #deliveries: GridDelivery[] = [];
  readonly #deadLetters: Readonly<Record<string, unknown>>[] = [];
  /** Published in this moment, not yet sent. */
  #batch: GridEvent[] = [];
  readonly #deleted = new AbortController();
  readonly #topic: string;

  constructor(request: SubscriptionRequest, limits: OutgoingLimits, topic: string) {
    this.url = request.url;
    this.#request = request;
    this.#topic = topic;
    this.#limits = { ...limits, signal: AbortSignal.any([limits.signal, this.#deleted.signal]) };
  }

  deliveries(): readonly GridDelivery[] {
    return [...this.#deliveries];
  }

  /** What was given up, as it lies in the storage account, five minutes after the last attempt. */
  deadLetters(): readonly Readonly<Record<string, unknown>>[] {
    return [...this.#deadLetters];
  }

  /**
   * Ends the subscription: attempts stop, no event follows, and the webhook is told once by a
   * `Microsoft.EventGrid.SubscriptionDeletedEvent` with the header `aeg-event-type: SubscriptionDeletion`.
   */
  async delete(): Promise<void> {
    if (this.#deleted.signal.aborted) return;
    const { clock } = this.#limits;
    const { name = 'recordings', schema = 'EventGridSchema' } = this.#request;
    const eventSubscriptionId = `${this.#topic}/providers/Microsoft.EventGrid/eventSubscriptions/${name}`;
    const type = 'Microsoft.EventGrid.SubscriptionDeletedEvent';
    const event = gridEvent(this.#topic, '', type, { eventSubscriptionId }, clock.now());
    const { contentType, body } = gridBody(event, schema);
    const headers = { ...gridHeaders('SubscriptionDeletion', name, event, 0), 'content-type': contentType };
    const told = sendToLoopback({ method: 'POST', url: this.url, headers, body }, this.#limits);
    await held(
      clock,
      told.catch(() => undefined),
    );
    this.#deleted.abort(new Error('The subscription was deleted.'));
  }

  /** Whether events of this type are to be sent. */
  wants(type: string): boolean {
    if (this.#deleted.signal.aborted) return false;
    return this.#request.includedEventTypes?.includes(type) ?? true;
  }

  /** Notes an event that will never come. */
  lose(event: GridEvent): void {
    this.#note(event, 0, undefined, 'lost');
  }

  /** Sends an event until it is answered 200 to 204, by the retry schedule, or is too old or tried too often. */
  deliver(event: GridEvent): void {
    const { maxEventsPerBatch = 1 } = this.#request;
    if (this.#batch.length === 0) queueMicrotask(() => this.#flush());
    this.#batch.push(event);
    if (this.#batch.length >= maxEventsPerBatch) this.#flush();
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    this.#attempts(batch).catch((error: unknown) => {
      if (!this.#limits.signal.aborted) throw error;
    });
  }

  async #attempts(batch: readonly GridEvent[]): Promise<void> {
    const { clock, signal } = this.#limits;
    const { maxDeliveryAttempts = 30, eventTimeToLiveMinutes = 1_440 } = this.#request;
    const end = clock.monotonic() + eventTimeToLiveMinutes * 60_000;
    const note = (attempt: number, status: number | undefined, outcome: GridDelivery['outcome']): void => {
      for (const event of batch) this.#note(event, attempt, status, outcome);
    };
    for (let attempt = 1; ; attempt++) {
      const status = await held(clock, this.#send(batch, attempt));
      if (status !== undefined && isDelivered(status)) return note(attempt, status, 'delivered');
      const wait = retryWait(attempt, status);
      const reason = this.#hopeless(status, attempt >= maxDeliveryAttempts, clock.monotonic() + wait > end);
      if (reason !== undefined) {
        note(attempt, status, this.#request.deadLetter === true ? 'dead-lettered' : 'dropped');
        return this.#bury(batch, { reason, attempts: attempt, lastStatus: status, lastAttemptAt: clock.now() });
      }
      note(attempt, status, 'retried');
      await clock.delay(wait, { signal });
    }
  }

  /** 400 and 413 end it at once where dead-lettering is on, and are tried again where it is off. */
  #hopeless(status: number | undefined, exhausted: boolean, late: boolean): DeadLetterReason | undefined {
    if (this.#request.deadLetter === true && (status === 400 || status === 413)) return 'UndeliverableDueToClientError';
    if (exhausted) return 'MaxDeliveryAttemptsExceeded';
    return late ? 'TimeToLiveExceeded' : undefined;
  }

  async #bury(batch: readonly GridEvent[], end: GivenUp): Promise<void> {
    const { deadLetter: kept = false, schema = 'EventGridSchema' } = this.#request;
    if (!kept) return;
    const { clock, signal } = this.#limits;
    await clock.delay(DEAD_LETTER_DELAY_MS, { signal });
    for (const event of batch) this.#deadLetters.push(deadLetter(event, schema, end));
  }

  async #send(batch: readonly GridEvent[], attempt: number): Promise<number | undefined> {
    const { schema = 'EventGridSchema', name = 'recordings', maxEventsPerBatch = 1 } = this.#request;
    const [first] = batch;
    if (!first) return undefined;
    const { contentType, body } = maxEventsPerBatch > 1 ? gridBatch(batch, schema) : gridBody(first, schema);
    const headers = { ...gridHeaders('Notification', name, first, attempt - 1), 'content-type': contentType };
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
