import { memorySessionStore, type SessionStore } from '@onrecord/core';

/** A store that a test can take away: `down` rejects, `stuck` never answers. */
export interface UnreliableStore extends SessionStore {
  health: 'well' | 'down' | 'stuck';
  /** What lies beneath, always well. */
  readonly inner: SessionStore;
}

export function unreliableStore(inner: SessionStore = memorySessionStore()): UnreliableStore {
  const store: UnreliableStore = {
    health: 'well',
    inner,
    create: (...args) => guard(() => inner.create(...args)),
    load: (...args) => guard(() => inner.load(...args)),
    findByKey: (...args) => guard(() => inner.findByKey(...args)),
    save: (...args) => guard(() => inner.save(...args)),
    park: (...args) => guard(() => inner.park(...args)),
    unpark: (...args) => guard(() => inner.unpark(...args)),
    claimDue: (...args) => guard(() => inner.claimDue(...args)),
    watch: (...args) => inner.watch(...args),
    remember: (...args) => guard(() => inner.remember(...args)),
    recall: (...args) => guard(() => inner.recall(...args)),
    list: (...args) => inner.list(...args),
    close: () => inner.close(),
  };
  function guard<T>(work: () => Promise<T>): Promise<T> {
    if (store.health === 'down') return Promise.reject(new Error('the store is down'));
    if (store.health === 'stuck') return new Promise(() => {});
    return work();
  }
  return store;
}

/** Everything that the store was given, as one text, to look for what must not be in it. */
export function spyingStore(inner: SessionStore = memorySessionStore()): {
  readonly store: SessionStore;
  written(): string;
} {
  const written: unknown[] = [];
  const note = <T>(value: unknown, result: T): T => {
    written.push(value);
    return result;
  };
  const store: SessionStore = {
    ...unreliableStore(inner),
    create: (...args) => note(args, inner.create(...args)),
    save: (...args) => note(args, inner.save(...args)),
    park: (...args) => note(args, inner.park(...args)),
    remember: (...args) => note(args, inner.remember(...args)),
  };
  return { store, written: () => JSON.stringify(written) };
}
