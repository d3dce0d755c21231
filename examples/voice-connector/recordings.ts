import type { ChimeInsightsDriver } from '@onrecord/adapter-chime';
import {
  type Clock,
  createRecorder,
  type SessionSnapshot,
  type SessionStore,
  type StorageDriver,
} from '@onrecord/core';
import { filesystem } from '@onrecord/storage';

/** Of Kinesis records, as a Lambda function gets them. */
const largestBatch = 6 * 1024 * 1024;

export interface RecordingsOptions {
  readonly driver: ChimeInsightsDriver;
  /** Shared by all processes. */
  readonly store: SessionStore;
  /** The bucket in which call analytics leaves its files. */
  readonly landing: StorageDriver;
  /** Folder on disk that everything goes to in the end. */
  readonly archive: string;
  readonly clock: Clock;
}

/** What the rest of an application uses of the recordings. */
export interface Recordings extends AsyncDisposable {
  /** Takes events of EventBridge and records of Kinesis, as they were forwarded. */
  take(message: Request): Promise<Response>;
  /** One for every call that was recorded, or was to be. */
  sessions(): Promise<
    readonly { readonly id: string; readonly transactionId: string; readonly snapshot: SessionSnapshot }[]
  >;
}

/**
 * Takes up what a Voice Connector records. Nothing here starts a recording: the first message about a call makes its
 * session, and from then on it is missed if its file does not come.
 */
export function openRecordings({ driver, store, landing, archive, clock }: RecordingsOptions): Recordings {
  const recorder = createRecorder(driver, {
    store,
    clock,
    landing,
    archive: filesystem(archive),
    ingest: { maxBytes: largestBatch },
  });
  return {
    take: (message) => recorder.ingest(message),
    async sessions() {
      const records = await Promise.all((await store.list()).map((id) => store.load(id)));
      return records
        .filter((record) => record !== undefined)
        .map(({ id, call, snapshot }) => ({ id, transactionId: String(call.data['transactionId']), snapshot }));
    },
    [Symbol.asyncDispose]: () => recorder.close(),
  };
}
