/** Events in the order of true time, in milliseconds. */
export class EventQueue {
  now = 0;
  readonly #events: { readonly at: number; readonly run: () => void }[] = [];

  later(delayMs: number, run: () => void): void {
    if (Number.isFinite(delayMs)) this.#events.push({ at: this.now + delayMs, run });
  }

  /** Runs until nothing is left. */
  drain(): void {
    for (;;) {
      let first = 0;
      for (let index = 1; index < this.#events.length; index++) {
        if (this.#events[index]!.at < this.#events[first]!.at) first = index;
      }
      const [event] = this.#events.splice(first, 1);
      if (!event) return;
      this.now = Math.max(this.now, event.at);
      event.run();
    }
  }
}
