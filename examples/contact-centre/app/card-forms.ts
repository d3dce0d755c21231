import { type CallRef, type OfferFor, OnRecordError, type Session, type SessionState } from '@onrecord/core';
import type { Desk } from './desk.ts';
import type { requirement } from './flow.ts';

/** A recording as this workflow knows it. */
export type Recording = Session<OfferFor<typeof requirement>>;

/**
 * `open`: it is proven that nothing is recorded, so the page may show the form. `failed`: that was not proven, so it was
 * never open. `withdrawn`: it took too long, or something else let the recording go on; the page hides the form, and the
 * recording goes on only when somebody says that no card can be heard any more.
 */
export type FormState = 'closed' | 'opening' | 'open' | 'closing' | 'failed' | 'withdrawn';

interface Form {
  readonly call: CallRef;
  state: Exclude<FormState, 'closed'>;
  /** Ends the secure section. */
  end: () => void;
}

/** The longest that a card form may be open, ms. */
const MAX_MS = 120_000;

const OVER: readonly SessionState[] = ['processing', 'completed', 'failed'];

/**
 * Card forms of the agents' pages, and whatever lets a recording go on: a form is open only while nothing is recorded, and
 * nothing goes on while a form may be open. A `resume` from anywhere else would end a secure section, so there is none.
 */
export class CardForms {
  readonly #desk: Desk;
  readonly #attach: (sessionId: string) => Promise<Recording>;
  readonly #forms = new Map<string, Form>();
  /** What is done with each recording, one after the other: no resume is under way when a form opens. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(desk: Desk, attach: (sessionId: string) => Promise<Recording>) {
    this.#desk = desk;
    this.#attach = attach;
  }

  state(sessionId: string): FormState {
    return this.#forms.get(sessionId)?.state ?? 'closed';
  }

  /** Asks for a form; there is one at a time. Soon {@link state} tells whether it may be shown. */
  async open(sessionId: string): Promise<void> {
    const { call } = await (await this.#attach(sessionId)).record();
    if (['opening', 'open', 'closing'].includes(this.state(sessionId))) return;
    const form: Form = { call, state: 'opening', end: () => {} };
    this.#forms.set(sessionId, form);
    this.#enqueue(sessionId, async (recording) => {
      await this.#collect(recording, form);
      await this.#goOn(recording, call);
    });
  }

  /** The card is taken: the recording goes on once an agent is on the call. @throws OnRecordError `invalid-state` without a form. */
  close(sessionId: string): void {
    const form = this.#forms.get(sessionId);
    if (!form) throw new OnRecordError('invalid-state', 'There is no card form.');
    if (form.state === 'failed' || form.state === 'withdrawn') {
      this.#forms.delete(sessionId);
      this.#enqueue(sessionId, (recording) => this.#goOn(recording, form.call));
    } else {
      form.state = 'closing';
      this.#endIfServed(form);
    }
  }

  /** The recording goes on, after the card form if there is one. Returns at once. */
  agentCame(sessionId: string, call: CallRef): void {
    const form = this.#forms.get(sessionId);
    if (form) this.#endIfServed(form);
    this.#enqueue(sessionId, (recording) => this.#goOn(recording, call));
  }

  #endIfServed({ state, call, end }: Form): void {
    if (state === 'closing' && this.#desk.isServed(call)) end();
  }

  async #collect(recording: Recording, form: Form): Promise<void> {
    let opened = false;
    try {
      await recording.secureSection(
        ({ signal }) =>
          new Promise<void>((resolve, reject) => {
            opened = true;
            form.end = resolve;
            signal.addEventListener('abort', () => reject(signal.reason), { once: true });
            if (form.state === 'opening') form.state = 'open';
            this.#endIfServed(form);
          }),
        { maxMs: MAX_MS },
      );
      this.#forms.delete(recording.id);
    } catch (error) {
      // The caller hung up: there is no recording that could go on.
      if (OVER.includes(recording.state)) {
        this.#forms.delete(recording.id);
        return;
      }
      this.#note(`the card form of recording ${recording.id}`, error);
      // Closed by the agent already: what failed came after the card.
      if (form.state === 'closing') this.#forms.delete(recording.id);
      else form.state = opened ? 'withdrawn' : 'failed';
    }
  }

  async #goOn(recording: Recording, call: CallRef): Promise<void> {
    if (OVER.includes(recording.state)) return;
    if (this.#forms.has(recording.id) && this.state(recording.id) !== 'failed') return;
    // Called from a turn, too, where nothing waits for a confirmation. The next one in the queue does.
    if (this.#desk.isServed(call)) await recording.resume({ until: 'accepted' });
    // The agent may have left before that was on its way.
    if (!this.#desk.isServed(call)) await recording.pause({ until: 'accepted' });
  }

  #enqueue(sessionId: string, work: (recording: Recording) => Promise<void>): void {
    const queued = (this.#queues.get(sessionId) ?? Promise.resolve())
      .then(async () => work(await this.#attach(sessionId)))
      .catch((error: unknown) => this.#note(`recording ${sessionId}`, error))
      .finally(() => {
        if (this.#queues.get(sessionId) === queued) this.#queues.delete(sessionId);
      });
    this.#queues.set(sessionId, queued);
  }

  #note(what: string, error: unknown): void {
    this.#desk.note(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
