import type { JsonObject, SessionStore } from '@onrecord/core';

/** What a session store declares of itself. */
export interface SessionStoreFacts {
  /** What was acknowledged survives the process. */
  readonly durable: boolean;
  /** Several processes may work on the same data at once. */
  readonly shared: boolean;
}

/** How the kit gets at a store; for third parties to implement. */
export interface SessionStoreHarness {
  /** Opens the store. Every call leads to the same data; without `shared` it may return the same object. */
  open(): Promise<SessionStore>;
  /** Drops every open store as a killed process would: nothing is closed or flushed. Needed where `durable`. */
  crash?(): Promise<void>;
  /** Writes a record beneath the store, as another release of it would have. Needed where `shared`. */
  plant?(record: JsonObject & { readonly id: string }, keys: readonly string[]): Promise<void>;
  /** What lies beneath the store for a session, verbatim. Needed with `plant`. */
  stored?(id: string): Promise<string>;
}
