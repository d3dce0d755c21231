/** What is to be closed, the last first: as `AsyncDisposableStack`, which Node has from 24 on and this command not always. */
export class Closing implements AsyncDisposable {
  #steps: (() => unknown)[] = [];

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  defer(close: () => unknown): void {
    this.#steps.push(close);
  }

  /** The same steps for another owner; this one has nothing left to close. */
  move(): Closing {
    const owner = new Closing();
    owner.#steps = this.#steps;
    this.#steps = [];
    return owner;
  }

  /** @throws the errors of all steps: one that fails keeps no other from its turn. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#steps.pop(); close; close = this.#steps.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 1) throw new AggregateError(failures, 'Several parts could not be closed.');
    if (failures.length > 0) throw failures[0];
  }
}
