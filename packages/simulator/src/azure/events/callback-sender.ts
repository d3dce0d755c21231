import type { Clock } from '@onrecord/core';
import { held } from '../../clock/held.ts';
import type { CallbackEvent } from './cloud-event.ts';
import type { OutgoingEvent } from './event-faults.ts';
import type { EventGate } from './event-gate.ts';
import { sendToLoopback } from './post.ts';
import type { TokenFaults } from './token-faults.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** One POST to a callback URL, or an event that a fault kept from being posted. */
export interface CallbackDelivery {
  /** Wall time of the simulator's clock, epoch ms. */
  readonly at: number;
  readonly url: string;
  readonly events: readonly CallbackEvent[];
  /** What the application answered; undefined when it did not, or nothing was sent. */
  readonly status: number | undefined;
  readonly outcome: 'answered' | 'unanswered' | 'lost';
}

export interface CallbackSenderOptions {
  readonly clock: Clock;
  readonly issuer: TokenIssuer;
  readonly gate: EventGate;
  readonly tokenFaults: TokenFaults;
  readonly signal: AbortSignal;
  /** PEM of the authority behind https callback URLs. */
  readonly ca?: string | undefined;
  /** Epoch ms that tokens are issued at. */
  readonly tokenTime: () => number;
}

/** Posts callbacks, in order for each URL, each event once: no retry is documented, so none is made. */
export class CallbackSender {
  readonly #options: CallbackSenderOptions;
  readonly #queues = new Map<string, Promise<void>>();
  readonly #deliveries: CallbackDelivery[] = [];

  constructor(options: CallbackSenderOptions) {
    this.#options = options;
  }

  deliveries(): readonly CallbackDelivery[] {
    return [...this.#deliveries];
  }

  /** Posts one event, as the faults allow. */
  send(url: string, event: CallbackEvent): void {
    const passed = this.#options.gate.pass(outgoing(url, event), () => this.sendArray(url, [event]));
    if (!passed) this.#note(url, [event], undefined, 'lost');
  }

  /** Posts several events as one array; faults do not apply to it. */
  sendArray(url: string, events: readonly CallbackEvent[]): void {
    const before = this.#queues.get(url) ?? Promise.resolve();
    const posted = before.then(() => this.#post(url, events));
    this.#queues.set(url, held(this.#options.clock, posted));
  }

  async #post(url: string, events: readonly CallbackEvent[]): Promise<void> {
    const { clock, issuer, signal, ca, tokenTime, tokenFaults } = this.#options;
    if (signal.aborted) return;
    const [first] = events;
    const fault = first && tokenFaults.take(outgoing(url, first));
    const token = await issuer.issue(tokenTime(), fault);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      ...(fault !== 'missing' && { authorization: `Bearer ${token}` }),
    };
    try {
      const body = JSON.stringify(events);
      const { status } = await sendToLoopback({ method: 'POST', url, headers, body }, { clock, signal, ca });
      this.#note(url, events, status, 'answered');
    } catch {
      this.#note(url, events, undefined, 'unanswered');
    }
  }

  #note(
    url: string,
    events: readonly CallbackEvent[],
    status: number | undefined,
    outcome: CallbackDelivery['outcome'],
  ): void {
    this.#deliveries.push({ at: this.#options.clock.now(), url, events, status, outcome });
  }
}

function outgoing(url: string, event: CallbackEvent): OutgoingEvent {
  return { type: event.type.slice(event.type.lastIndexOf('.') + 1), url, data: event.data };
}
