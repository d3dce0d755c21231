import { type Clock, checkKey, OnRecordError, Storage, type StorageDriver, systemClock } from '@onrecord/core';

export interface ObjectSessionStoreOptions {
  /** Put before every object name; ends with `/` where it names a folder. One deployment, one prefix. @default 'sessions/' */
  readonly prefix?: string | undefined;
  /** Paces the look for what other processes wrote, and stamps creations. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Milliseconds between two looks at each session that somebody watches: one HEAD request each. @default 500 */
  readonly watchIntervalMs?: number | undefined;
  /** Milliseconds after which a request is given up. @default 10 000 */
  readonly requestTimeoutMs?: number | undefined;
  /** Whether closing the session store closes the storage, too. @default false */
  readonly ownsStorage?: boolean | undefined;
}

export interface ObjectSessionStoreSettings {
  readonly storage: Storage;
  readonly prefix: string;
  readonly clock: Clock;
  readonly watchIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly ownsStorage: boolean;
}

const known: readonly string[] = ['prefix', 'clock', 'watchIntervalMs', 'requestTimeoutMs', 'ownsStorage'];

/** @throws OnRecordError `unsupported` for a store without atomic conditions; `invalid-request` naming every wrong option. */
export function objectSessionStoreSettings(
  store: StorageDriver | Storage,
  options: ObjectSessionStoreOptions,
): ObjectSessionStoreSettings {
  const storage = store instanceof Storage ? store : new Storage(store);
  refuseWithoutConditions(storage.driver);
  const settings = {
    storage,
    prefix: options.prefix ?? 'sessions/',
    clock: options.clock ?? systemClock,
    watchIntervalMs: options.watchIntervalMs ?? 500,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    ownsStorage: options.ownsStorage ?? false,
  };
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  const problems = [
    unknown.length > 0 && `there is no ${unknown.join(', ')}, there are ${known.join(', ')}`,
    problemOfPrefix(settings.prefix),
    !positive(settings.watchIntervalMs) && 'watchIntervalMs is not above 0',
    !positive(settings.requestTimeoutMs) && 'requestTimeoutMs is not above 0',
  ].filter((problem) => typeof problem === 'string');
  if (problems.length > 0) {
    throw new OnRecordError('invalid-request', `The options of the session store are wrong: ${problems.join('; ')}.`);
  }
  return settings;
}

function refuseWithoutConditions({ type, capabilities }: StorageDriver): void {
  const lacking = (['ifAbsent', 'ifMatch'] as const).filter((name) => capabilities[name] !== 'atomic');
  if (lacking.length === 0) return;
  throw new OnRecordError(
    'unsupported',
    `The ${type} store has no atomic ${lacking.join(' and ')}: of two processes that save one session at once, one would overwrite what the other has written.`,
    { remedy: 'Keep sessions in s3 or azure-blob, or on one machine in sqliteSessionStore.' },
  );
}

/** The longest name below the prefix. */
const longestName = `due/${'x'.repeat(160)}`;

function problemOfPrefix(prefix: string): string | undefined {
  try {
    checkKey(prefix + longestName);
    return undefined;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return `prefix cannot begin an object name (${detail.replace(longestName, '…').replace(/\.$/, '')})`;
  }
}

function positive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
