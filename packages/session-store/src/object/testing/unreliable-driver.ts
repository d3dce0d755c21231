import { type DoPutOptions, OnRecordError, type StorageDriver } from '@onrecord/core';

/**
 * What becomes of one request: `repeated` = its answer was lost and the client's own repetition is refused because of
 * the first; `dead` = the process ends while it is under way, its effect may have happened.
 */
export type Fate = 'ok' | 'refused' | 'answer-lost' | 'repeated' | 'dead' | 'dead-after';

export interface Unreliable {
  /** Awaited before a request reaches the store and before its answer comes back: others may run meanwhile. */
  readonly turn: () => Promise<unknown>;
  readonly fate: () => Fate;
}

/** The driver as a process sees it whose network and whose life are uncertain. */
export function unreliable(inner: StorageDriver, { turn, fate }: Unreliable): StorageDriver {
  let dead = false;
  const forEver = new Promise<never>(() => {});
  const run = async <T>(work: () => Promise<T>, refusal?: OnRecordError): Promise<T> => {
    if (dead) return forEver;
    const mine = fate();
    await turn();
    if (dead) return forEver;
    if (mine === 'refused') throw new OnRecordError('unavailable', 'not sent', { retry: 'safe' });
    if (mine === 'dead') {
      dead = true;
      return forEver;
    }
    const result = await work();
    if (mine === 'dead-after') {
      dead = true;
      return forEver;
    }
    await turn();
    if (dead) return forEver;
    if (mine === 'repeated' && refusal) throw refusal;
    if (mine === 'answer-lost') throw new OnRecordError('timeout', 'answer lost', { retry: 'safe' });
    return result;
  };
  return {
    type: inner.type,
    scheme: inner.scheme,
    capabilities: inner.capabilities,
    uriOf: (key) => inner.uriOf(key),
    keyOf: (uri) => inner.keyOf(uri),
    doPut: (key, body, options) => run(() => inner.doPut(key, body, options), refusalOf(options)),
    doGet: (key, options) => run(() => inner.doGet(key, options)),
    doHead: (key, options) => run(() => inner.doHead(key, options)),
    doDelete: (key, options) => run(() => inner.doDelete(key, options)),
    doList: (prefix, options) => run(() => inner.doList(prefix, options)),
    classifyError: (error) => inner.classifyError(error),
    native: () => inner.native(),
    close: () => inner.close(),
  };
}

function refusalOf({ ifAbsent, ifMatch }: DoPutOptions): OnRecordError | undefined {
  if (ifAbsent) return new OnRecordError('already-exists', 'there already');
  return ifMatch === undefined ? undefined : new OnRecordError('conflict', 'another version');
}
