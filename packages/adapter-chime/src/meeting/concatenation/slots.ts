/** Asks whether a concatenation is over. */
type IsOver = (signal: AbortSignal) => Promise<boolean>;

interface Slot {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly isOver?: IsOver | undefined;
}

/** Those that are taken are asked after at most so often, in milliseconds: many parts may be waiting. */
const askEveryMs = 10_000;

/** The concatenations that this process has running. */
export class ConcatenationSlots {
  readonly #most: number;
  readonly #keptMs: number;
  /** By the part that each is for. */
  readonly #taken = new Map<string, Slot>();
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @param options.keptMs one that nobody frees is free again after this. */
  constructor({ most, keptMs }: { readonly most: number; readonly keptMs: number }) {
    this.#most = most;
    this.#keptMs = keptMs;
  }

  /** Whether the part may have a concatenation now; it may when it has one. */
  take(part: string, nowMs: number): boolean {
    for (const [other, { since }] of this.#taken) if (nowMs - since >= this.#keptMs) this.#taken.delete(other);
    if (!this.#taken.has(part) && this.#taken.size >= this.#most) return false;
    this.#taken.set(part, { since: nowMs });
    return true;
  }

  /** The part's concatenation is under way. */
  runs(part: string, isOver: IsOver): void {
    const slot = this.#taken.get(part);
    if (slot) this.#taken.set(part, { ...slot, isOver });
  }

  free(part: string): void {
    this.#taken.delete(part);
  }

  /** Frees what is over, whoever saw its end: of several processes one may make a concatenation and another conclude it. */
  async freeEnded(nowMs: number, signal: AbortSignal): Promise<void> {
    if (nowMs - this.#askedAt < askEveryMs) return;
    this.#askedAt = nowMs;
    const asked = [...this.#taken].map(async ([part, slot]) => {
      // What cannot be asked after is taken to be running.
      const over = await slot.isOver?.(signal).catch(() => false);
      if (over && this.#taken.get(part) === slot) this.#taken.delete(part);
    });
    await Promise.all(asked);
    signal.throwIfAborted();
  }
}
