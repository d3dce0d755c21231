/** The concatenations that this process has running. */
export class ConcatenationSlots {
  readonly #most: number;
  readonly #keptMs: number;
  /** When each was taken, by the part that it is for. */
  readonly #taken = new Map<string, number>();

  /** @param options.keptMs one that nobody frees is free again after this: another process may have seen its end. */
  constructor({ most, keptMs }: { readonly most: number; readonly keptMs: number }) {
    this.#most = most;
    this.#keptMs = keptMs;
  }

  /** Whether the part may have a concatenation now; it may when it has one. */
  take(part: string, nowMs: number): boolean {
    for (const [other, sinceMs] of this.#taken) if (nowMs - sinceMs >= this.#keptMs) this.#taken.delete(other);
    if (!this.#taken.has(part) && this.#taken.size >= this.#most) return false;
    this.#taken.set(part, nowMs);
    return true;
  }

  free(part: string): void {
    this.#taken.delete(part);
  }
}
