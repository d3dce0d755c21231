import type { Clock } from '@onrecord/core';
import type { EventGate } from '../events/event-gate.ts';
import { type GridEvent, gridEvent } from './grid-event.ts';
import { validateWebhook, validationQuery } from './handshake.ts';
import { EventGridSubscription, type SubscriptionRequest } from './subscription.ts';

export interface EventGridOptions {
  readonly clock: Clock;
  readonly gate: EventGate;
  readonly signal: AbortSignal;
  readonly ca: string | undefined;
  readonly topic: string;
  /** `https://rp-eastus2.eventgrid.azure.net:<port>` */
  readonly validationOrigin: string;
}

/** The Event Grid topic of a resource: proves webhooks, then delivers at least once. */
export class EventGrid {
  readonly #options: EventGridOptions;
  readonly #subscriptions: EventGridSubscription[] = [];
  /** By validation code: what to do when its URL is called. */
  readonly #confirmations = new Map<string, () => void>();

  constructor(options: EventGridOptions) {
    this.#options = options;
  }

  /** @throws EventGridHandshakeError when the webhook does not prove that it wants the events. */
  async subscribe(request: SubscriptionRequest): Promise<EventGridSubscription> {
    const { clock, signal, ca, topic, validationOrigin } = this.#options;
    const { url, schema = 'EventGridSchema', name = 'recordings' } = request;
    const path = `/eventsubscriptions/${encodeURIComponent(name)}/validate`;
    await validateWebhook({
      clock,
      signal,
      ca,
      url,
      schema,
      topic,
      subscription: name,
      validationUrl: (code) => `${validationOrigin}${path}?${validationQuery(code, clock.now())}`,
      confirmed: (code) => new Promise((resolve) => this.#confirmations.set(code, resolve)),
    });
    const subscription = new EventGridSubscription(request, { clock, signal, ca }, topic);
    this.#subscriptions.push(subscription);
    return subscription;
  }

  /** A webhook called its validation URL. @returns whether the code was one of ours. */
  confirm(code: string): boolean {
    const confirmation = this.#confirmations.get(code);
    confirmation?.();
    return confirmation !== undefined;
  }

  /** Announces an event to every subscription that wants it, as the faults allow. */
  publish(subject: string, type: string, data: Readonly<Record<string, unknown>>): void {
    const event: GridEvent = gridEvent(this.#options.topic, subject, type, data, this.#options.clock.now());
    for (const subscription of this.#subscriptions) {
      if (!subscription.wants(type)) continue;
      const outgoing = { type: type.slice(type.lastIndexOf('.') + 1), url: subscription.url, data };
      if (!this.#options.gate.pass(outgoing, () => subscription.deliver(event))) subscription.lose(event);
    }
  }
}
