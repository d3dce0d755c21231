import { type OfferFor, OnRecordError, type Session } from '@onrecord/core';
import type { requirement } from './flow.ts';

/** A recording as this workflow knows it. */
export type Recording = Session<OfferFor<typeof requirement>>;

/** `open`: it is proven that nothing is recorded, so the page may show the form. `failed`: it was not, or took too long. */
export type FormState = 'closed' | 'opening' | 'open' | 'closing' | 'failed';

/** The longest that a card form may be open, ms. */
const MAX_MS = 120_000;

/** Card forms of the agents' pages: one is open only while nothing is recorded. */
export class CardForms {
  readonly #states = new Map<string, FormState>();
  readonly #done = new Map<string, () => void>();

  state(sessionId: string): FormState {
    return this.#states.get(sessionId) ?? 'closed';
  }

  /** Asks for a form. Returns at once; {@link state} tells when it may be shown. */
  open(recording: Recording): void {
    const { id } = recording;
    if (['opening', 'open', 'closing'].includes(this.state(id))) return;
    this.#states.set(id, 'opening');
    const collect = ({ signal }: { readonly signal: AbortSignal }) =>
      new Promise<void>((resolve, reject) => {
        this.#states.set(id, 'open');
        this.#done.set(id, resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    recording.secureSection(collect, { maxMs: MAX_MS }).then(
      () => this.#states.set(id, 'closed'),
      () => this.#states.set(id, 'failed'),
    );
  }

  /** The card is taken: the recording goes on. @throws OnRecordError `invalid-state` when no form is open. */
  close(sessionId: string): void {
    const done = this.#done.get(sessionId);
    if (this.state(sessionId) !== 'open' || !done) throw new OnRecordError('invalid-state', 'No card form is open.');
    this.#states.set(sessionId, 'closing');
    done();
  }
}
