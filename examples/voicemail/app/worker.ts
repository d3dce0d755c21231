import { type ChimeSmaOptions, chimeSma } from '@onrecord/adapter-chime';
import { type Clock, createWorker, type SessionStore, type StorageDriver, type Worker } from '@onrecord/core';
import { INSTANCE } from './names.ts';

export interface WorkerOptions {
  /** The store of the function. */
  readonly store: SessionStore;
  readonly chime: ChimeSmaOptions;
  /** The bucket that the service writes into. */
  readonly landing: StorageDriver;
  readonly archive: StorageDriver;
  readonly clock?: Clock | undefined;
}

/** Moves each message into the archive, verified, and knows of those that do not come. */
export function voicemailWorker({ store, chime, landing, archive, clock }: WorkerOptions): Worker {
  return createWorker({ store, instances: { [INSTANCE]: { driver: chimeSma(chime), landing } }, archive, clock });
}
