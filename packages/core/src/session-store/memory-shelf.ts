/** Values under a name, each until it expires; several per name, told apart by their identity. */
export interface MemoryShelf<T> {
  /** Keeps the value that is there when one with this identity exists. */
  put(name: string, identity: string, value: T, expiresAt: string): void;
  get(name: string): T | undefined;
  /** Everything under the name that has not expired at `now`. */
  all(name: string, now: string): readonly T[];
  remove(name: string, identity: string): void;
  /** Forgets everything that expired before `now`. */
  expire(now: string): void;
}

interface Entry<T> {
  readonly value: T;
  readonly expiresAt: string;
}

export function memoryShelf<T>(): MemoryShelf<T> {
  const names = new Map<string, Map<string, Entry<T>>>();
  let nextExpiry = '';
  return {
    put(name, identity, value, expiresAt) {
      const entries = names.get(name) ?? new Map<string, Entry<T>>();
      names.set(name, entries);
      if (entries.has(identity)) return;
      entries.set(identity, { value, expiresAt });
      if (nextExpiry === '' || expiresAt < nextExpiry) nextExpiry = expiresAt;
    },
    get: (name) => names.get(name)?.values().next().value?.value,
    all(name, now) {
      const entries = [...(names.get(name)?.values() ?? [])];
      return entries.filter(({ expiresAt }) => expiresAt > now).map(({ value }) => value);
    },
    remove(name, identity) {
      const entries = names.get(name);
      if (entries?.delete(identity) && entries.size === 0) names.delete(name);
    },
    expire(now) {
      if (nextExpiry === '' || nextExpiry > now) return;
      nextExpiry = '';
      for (const [name, entries] of names) {
        for (const [identity, { expiresAt }] of entries) {
          if (expiresAt <= now) entries.delete(identity);
          else if (nextExpiry === '' || expiresAt < nextExpiry) nextExpiry = expiresAt;
        }
        if (entries.size === 0) names.delete(name);
      }
    },
  };
}
