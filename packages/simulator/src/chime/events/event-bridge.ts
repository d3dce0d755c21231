import type { Clock } from '@onrecord/core';
import type { EventBridgeEvent } from './event-bridge-event.ts';
import { type EventFaults, eventFaults } from './event-faults.ts';

export type EventListener = (event: EventBridgeEvent) => unknown;

export interface TargetOptions {
  /** Which events the rule passes; omitted, all. */
  readonly match?: ((event: EventBridgeEvent) => boolean) | undefined;
}

export interface EventBridgeOptions {
  /** From the happening to its delivery, in ms. @default 0 */
  readonly deliveryDelayMs?: number | undefined;
  /** How often a delivery to a URL is repeated after an error or a status of 400 and above. @default 2 */
  readonly retries?: number | undefined;
  /** Between such attempts, in ms. @default 1_000 */
  readonly retryDelayMs?: number | undefined;
}

/** One attempt to hand an event to a URL. */
export interface EventDelivery {
  readonly event: EventBridgeEvent;
  readonly url: string;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
}

type Send = (event: EventBridgeEvent) => Promise<void>;
interface Receiver {
  readonly send: Send;
  readonly match: (event: EventBridgeEvent) => boolean;
  held: EventBridgeEvent[];
  queue: Promise<void>;
}

/**
 * The default event bus: hands every event to every receiver, in order unless a fault says otherwise. The service
 * promises neither order nor single delivery, so a reader that relies on them is wrong although it passes here.
 */
export class SimulatedEventBridge {
  /** Faults are drawn per delivery: with two receivers one event is two deliveries. */
  readonly faults: EventFaults = eventFaults();
  readonly #clock: Clock;
  readonly #options: Required<{ [Name in keyof EventBridgeOptions]: number }>;
  readonly #receivers = new Set<Receiver>();
  readonly #events: EventBridgeEvent[] = [];
  readonly #deliveries: EventDelivery[] = [];
  readonly #closing = new AbortController();

  constructor(clock: Clock, options: EventBridgeOptions = {}) {
    this.#clock = clock;
    this.#options = {
      deliveryDelayMs: options.deliveryDelayMs ?? 0,
      retries: options.retries ?? 2,
      retryDelayMs: options.retryDelayMs ?? 1_000,
    };
  }

  /** Hands events to a function; what it throws or rejects with is dropped. Returns the way to stop. */
  onEvent(listener: EventListener, options: TargetOptions = {}): () => void {
    return this.#receive(async (event) => {
      try {
        await listener(structuredClone(event));
      } catch {
        // a listener's failure is its own
      }
    }, options);
  }

  /** Posts events as JSON, as an API destination does, with the headers of its connection. Returns the way to stop. */
  target(url: string | URL, headers: Readonly<Record<string, string>> = {}, options: TargetOptions = {}): () => void {
    return this.#receive((event) => this.#post(event, String(url), headers), options);
  }

  /** Every event published so far, faults or not. */
  events(): readonly EventBridgeEvent[] {
    return [...this.#events];
  }

  /** Every attempt to post to a URL. */
  deliveries(): readonly EventDelivery[] {
    return [...this.#deliveries];
  }

  publish(event: EventBridgeEvent): void {
    if (this.#closing.signal.aborted) return;
    this.#events.push(event);
    for (const receiver of this.#receivers) {
      if (receiver.match(event)) this.#route(event, receiver);
    }
  }

  /** Delivers nothing more. */
  close(): void {
    this.#closing.abort();
    this.#receivers.clear();
  }

  #receive(send: Send, options: TargetOptions): () => void {
    const receiver: Receiver = { send, match: options.match ?? (() => true), held: [], queue: Promise.resolve() };
    this.#receivers.add(receiver);
    return () => void this.#receivers.delete(receiver);
  }

  #route(event: EventBridgeEvent, receiver: Receiver): void {
    const fault = this.faults.take(event);
    if (fault === 'lost') return;
    if (fault === 'reversed') return void receiver.held.push(event);
    if (typeof fault === 'object') return void this.#later(event, receiver, fault.delayMs);
    this.#deliver(event, receiver);
    if (fault === 'duplicated') this.#deliver(event, receiver);
    for (const earlier of receiver.held.splice(0)) this.#deliver(earlier, receiver);
  }

  async #later(event: EventBridgeEvent, receiver: Receiver, delayMs: number): Promise<void> {
    if (await this.#wait(delayMs)) this.#deliver(event, receiver);
  }

  #deliver(event: EventBridgeEvent, receiver: Receiver): void {
    const { deliveryDelayMs } = this.#options;
    const due = deliveryDelayMs > 0 ? this.#wait(deliveryDelayMs) : Promise.resolve(true);
    receiver.queue = Promise.all([receiver.queue, due]).then(async ([, open]) => {
      if (open) await receiver.send(event);
    });
  }

  async #post(event: EventBridgeEvent, url: string, headers: Readonly<Record<string, string>>): Promise<void> {
    for (let attempt = 0; attempt <= this.#options.retries; attempt++) {
      if (attempt > 0 && !(await this.#wait(this.#options.retryDelayMs))) return;
      const status = await this.#attempt(event, url, headers);
      this.#deliveries.push({ event, url, status });
      if (status !== undefined && status < 400) return;
    }
  }

  async #attempt(
    event: EventBridgeEvent,
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<number | undefined> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(event),
        signal: this.#closing.signal,
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return undefined;
    }
  }

  /** False when the bus was closed meanwhile. */
  #wait(ms: number): Promise<boolean> {
    return this.#clock.delay(ms, { signal: this.#closing.signal }).then(
      () => true,
      () => false,
    );
  }
}
