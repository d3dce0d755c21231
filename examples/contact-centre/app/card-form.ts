import { type OfferFor, OnRecordError, type Session } from '@onrecord/core';
import type { requirement } from './flow.ts';

/** A recording as this workflow knows it. */
export type Recording = Session<OfferFor<typeof requirement>>;

/** The longest that a card form may be open, ms. */
const MAX_MS = 120_000;

interface OpenForm {
  /** Ends the section with what the form was sent. */
  readonly done: () => void;
  /** Settles when the recording goes on again. */
  readonly section: Promise<void>;
}

/** Card forms of the agents' pages: one is open only while nothing is recorded. */
export class CardForms {
  readonly #open = new Map<string, OpenForm>();

  /**
   * Resolves once it is proven that nothing is recorded: only then may the page show the form.
   * @throws OnRecordError `timeout` when that was not proven in time, `conflict` while a form is open.
   */
  async open(recording: Recording): Promise<void> {
    if (this.#open.has(recording.id)) throw new OnRecordError('conflict', 'A card form is open already.');
    await new Promise<void>((opened, failed) => {
      const section = recording.secureSection(
        ({ signal }) =>
          new Promise<void>((done, gaveUp) => {
            this.#open.set(recording.id, { done, section });
            signal.addEventListener('abort', () => gaveUp(signal.reason), { once: true });
            opened();
          }),
        { maxMs: MAX_MS },
      );
      section.catch(failed).finally(() => this.#open.delete(recording.id));
    });
  }

  /** Resolves once the recording goes on. @throws OnRecordError `not-found` when no form is open. */
  async close(sessionId: string): Promise<void> {
    const form = this.#open.get(sessionId);
    if (!form) throw new OnRecordError('not-found', 'No card form is open.');
    form.done();
    await form.section;
  }
}
