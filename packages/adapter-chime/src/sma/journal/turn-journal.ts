import { type Json, type SessionStore, timestamp } from '@onrecord/core';
import type { SmaResponse } from '../event/sma-event.ts';
import type { TurnState } from '../turn/state.ts';

/** What one invocation answered, and what it handed on. Without join tokens. */
export interface JournalEntry {
  /** The answer as JSON text, so that a repeated invocation gets the same bytes from any store. */
  readonly answer: string;
  readonly state: TurnState;
}

/** Kept longer than any call with its at most 1 000 invocations lasts. */
export const keptForMs: number = 24 * 3_600_000;
/** Entries kept in this process: a repetition mostly comes to the same one. */
const maxRecent = 100;

/** One answer per (transaction, sequence), in the store and, for when the store is late, in this process. */
export class TurnJournal {
  readonly #store: SessionStore;
  readonly #recent = new Map<string, JournalEntry>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** The entry of an invocation if this process made it. */
  recent(transactionId: string, sequence: number): JournalEntry | undefined {
    return this.#recent.get(nameOf(transactionId, sequence));
  }

  async recall(transactionId: string, sequence: number): Promise<JournalEntry | undefined> {
    const name = nameOf(transactionId, sequence);
    return this.#recent.get(name) ?? readEntry(await this.#store.recall(name));
  }

  /** Writes the entry unless one stands already; returns the one that stands. */
  async remember(transactionId: string, sequence: number, entry: JournalEntry, nowMs: number): Promise<JournalEntry> {
    const name = nameOf(transactionId, sequence);
    this.keep(transactionId, sequence, entry);
    const value = { answer: entry.answer, state: JSON.stringify(entry.state) };
    const standing = readEntry(await this.#store.remember(name, value, timestamp(nowMs + keptForMs))) ?? entry;
    this.keep(transactionId, sequence, standing);
    return standing;
  }

  /** Keeps the entry in this process only. */
  keep(transactionId: string, sequence: number, entry: JournalEntry): void {
    this.#recent.set(nameOf(transactionId, sequence), entry);
    if (this.#recent.size > maxRecent) this.#recent.delete(this.#recent.keys().next().value!);
  }
}

/** The answer of an entry, as an object. */
export function answerOf(entry: JournalEntry): SmaResponse {
  return JSON.parse(entry.answer) as SmaResponse;
}

function nameOf(transactionId: string, sequence: number): string {
  return `sma/${transactionId}/turn/${sequence}`;
}

function readEntry(value: Json | undefined): JournalEntry | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { answer, state } = value as { readonly answer?: unknown; readonly state?: unknown };
  if (typeof answer !== 'string' || typeof state !== 'string') return undefined;
  return { answer, state: JSON.parse(state) as TurnState };
}
