import type { SessionStore } from '@onrecord/core';

/** A store, or what loads one: a module of its own, which the function does not need to be ready. */
export type StoreOption = SessionStore | (() => Promise<SessionStore>);

/** A store that is loaded with its first use. */
export interface LazyStore extends SessionStore {
  /** Loads it now. What failed is tried again by the next use. */
  loaded(): Promise<SessionStore>;
}

export function lazyStore(option: StoreOption): LazyStore {
  let loading: Promise<SessionStore> | undefined;
  const loaded = (): Promise<SessionStore> => {
    if (typeof option !== 'function') return Promise.resolve(option);
    loading ??= Promise.resolve()
      .then(option)
      .catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
    return loading;
  };
  return {
    loaded,
    create: async (...args) => (await loaded()).create(...args),
    load: async (...args) => (await loaded()).load(...args),
    findByKey: async (...args) => (await loaded()).findByKey(...args),
    save: async (...args) => (await loaded()).save(...args),
    park: async (...args) => (await loaded()).park(...args),
    unpark: async (...args) => (await loaded()).unpark(...args),
    claimDue: async (...args) => (await loaded()).claimDue(...args),
    watch: async (...args) => (await loaded()).watch(...args),
    remember: async (...args) => (await loaded()).remember(...args),
    recall: async (...args) => (await loaded()).recall(...args),
    list: async (...args) => (await loaded()).list(...args),
    close: async () => (await loaded()).close(),
  };
}
