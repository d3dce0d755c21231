import type { StorageCapabilities, StorageDriver } from '@onrecord/core';

/** What a storage driver declares of itself, and how far its harness reaches. */
export interface StorageFacts {
  readonly capabilities: StorageCapabilities;
  /** What was acknowledged survives the process. */
  readonly durable: boolean;
  /** The harness counts requests: {@link StorageHarness.requests}. */
  readonly counted: boolean;
  /** The harness makes the store fail: {@link StorageHarness.faults}. */
  readonly faulty: boolean;
  /** The store is reached over a network, so it can be unreachable and refuse credentials. */
  readonly remote: boolean;
}

/** How the kit gets at a store; for third parties to implement. */
export interface StorageHarness {
  /** Opens the store, which is empty at first. Every call leads to the same objects; closed by the harness. */
  open(): Promise<StorageDriver>;
  /** How many requests have reached the store. Needed where `counted`. */
  requests?(): number;
  /** Uploads that were begun and neither completed nor discarded, where the store can be asked. */
  openUploads?(): Promise<readonly string[]>;
  /** Needed where `faulty`. Each applies to the next request of its kind. */
  readonly faults?: StorageFaults;
  /** A driver whose store does not answer. Needed where `remote`. */
  unreachable?(): Promise<StorageDriver>;
  /** A driver with credentials that the store does not accept. Needed where `remote`. */
  unauthorized?(): Promise<StorageDriver>;
}

export interface StorageFaults {
  /** The request that makes an object visible is refused with an internal error, also when it is repeated. */
  failCommit(): void;
  /** The request that makes an object visible is carried out, and its answer does not arrive. */
  loseCommitAnswer(): void;
  /** The connection breaks after this many bytes of an object's content, each time it is read. */
  breakBody(bytes: number): void;
  /** Ends all of the above. */
  heal(): void;
}
