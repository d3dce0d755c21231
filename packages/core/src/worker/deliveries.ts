import type { OutboxEntry } from '../session/record.ts';

/** How far one sink is with the events of one session. */
export interface SinkProgress {
  /** Sequence number of the last event that it took. */
  upTo: number;
  /** Sequence number of the event that it did not take. */
  failing?: number | undefined;
}

/**
 * How far each sink is, so that one that fails holds back no other. Kept in memory: after a restart the sinks that were
 * ahead get some events again, as they may at any time.
 */
export class Deliveries {
  readonly #sessions = new Map<string, Map<string, SinkProgress>>();
  readonly #busy = new Set<string>();

  progress(sessionId: string, sink: string): SinkProgress {
    const sinks = this.#sessions.get(sessionId) ?? new Map<string, SinkProgress>();
    this.#sessions.set(sessionId, sinks);
    const known = sinks.get(sink) ?? { upTo: 0 };
    sinks.set(sink, known);
    return known;
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  /** Whether this worker is delivering events of the session right now: they must not overtake each other. */
  isBusy(sessionId: string): boolean {
    return this.#busy.has(sessionId);
  }

  begin(sessionId: string): void {
    this.#busy.add(sessionId);
  }

  end(sessionId: string): void {
    this.#busy.delete(sessionId);
  }
}

/** Who delivers an outbox beyond the lease of its record, and until when nobody else may; kept with its first entry. */
export interface Delivering {
  readonly by: string;
  readonly until: string;
}

interface ClaimedEntry extends OutboxEntry {
  readonly delivering?: Delivering | undefined;
}

export function deliveringOf(outbox: readonly OutboxEntry[]): Delivering | undefined {
  return (outbox[0] as ClaimedEntry | undefined)?.delivering;
}

/** The outbox in the hands of `by` until then. */
export function claimOutbox(outbox: readonly OutboxEntry[], by: string, until: string): readonly OutboxEntry[] {
  return outbox.map((entry, index) => {
    if (index > 0) return entry;
    const claimed: ClaimedEntry = { ...entry, delivering: { by, until } };
    return claimed;
  });
}

/** The outbox in nobody's hands. */
export function releaseOutbox(outbox: readonly OutboxEntry[]): readonly OutboxEntry[] {
  return outbox.map((entry) => {
    const { delivering: _, ...free }: ClaimedEntry = entry;
    return free;
  });
}
