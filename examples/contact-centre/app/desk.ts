import type { CallRef } from '@onrecord/core';

/** Who of the agents is on which call, as this process heard it. */
export class Desk {
  readonly #isAgent: (participant: string) => boolean;
  readonly #agents = new Map<string, Set<string>>();
  readonly #notes: string[] = [];

  /** @param isAgent tells one of ours by the provider's id of a participant. */
  constructor(isAgent: (participant: string) => boolean) {
    this.#isAgent = isAgent;
  }

  isServed({ key }: CallRef): boolean {
    return (this.#agents.get(key)?.size ?? 0) > 0;
  }

  /** Whether this was the first agent on the call. */
  joined(call: CallRef, participant: string): boolean {
    if (!this.#isAgent(participant)) return false;
    const served = this.isServed(call);
    this.#agents.set(call.key, new Set([...(this.#agents.get(call.key) ?? []), participant]));
    return !served;
  }

  /** Whether this was the last agent on the call. */
  left(call: CallRef, participant: string): boolean {
    return this.#agents.get(call.key)?.delete(participant) === true && !this.isServed(call);
  }

  ended({ key }: CallRef): void {
    this.#agents.delete(key);
  }

  /** Something that a supervisor has to know. */
  note(text: string): void {
    this.#notes.push(text);
  }

  get notes(): readonly string[] {
    return this.#notes;
  }
}
