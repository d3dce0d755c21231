/**
 * Runs at most `limit` pieces of work at once. After the first failure no new work starts.
 */
export class Pool {
  readonly #limit: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves as soon as `work` was started. @throws the first failure so far */
  async add(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#limit && !this.#failure) await Promise.race(this.#running);
    if (this.#failure) throw this.#failure.error;
    const task = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  /** Resolves when all work has ended. @throws the first failure */
  async drain(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves when all work has ended, well or not. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }
}
