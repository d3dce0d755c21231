import { type Clock, OnRecordError, type SessionRecord } from '@onrecord/core';
import type { SessionObjects } from './session-objects.ts';

interface Watcher {
  readonly afterRevision: number;
  readonly resolve: (record: SessionRecord) => void;
  readonly reject: (reason: unknown) => void;
}

interface Watched {
  readonly watchers: Set<Watcher>;
  /** The version that every watcher has been told of. */
  etag?: string | undefined;
}

/**
 * Tells watchers of new revisions: at once when this process wrote them, else by asking for the etag of each session
 * watched, once per interval however many watch it.
 */
export class ChangeFeed {
  readonly #sessions: SessionObjects;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #watched = new Map<string, Watched>();
  #polling: AbortController | undefined;

  constructor(sessions: SessionObjects, options: { readonly clock: Clock; readonly intervalMs: number }) {
    this.#sessions = sessions;
    this.#clock = options.clock;
    this.#intervalMs = options.intervalMs;
  }

  watch(id: string, afterRevision: number, signal: AbortSignal): Promise<SessionRecord> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const watched = this.#watched.get(id) ?? { watchers: new Set() };
      this.#watched.set(id, watched);
      const leave = () => {
        signal.removeEventListener('abort', onAbort);
        watched.watchers.delete(watcher);
        if (watched.watchers.size === 0) this.#watched.delete(id);
        this.#update();
      };
      const watcher: Watcher = {
        afterRevision,
        resolve: (record) => {
          leave();
          resolve(record);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      const onAbort = () => watcher.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      watched.watchers.add(watcher);
      // A version that others were told of may be news to this one.
      watched.etag = undefined;
      void this.#look(id, watched).then(() => this.#update());
    });
  }

  /** This process has just written the record. */
  changed(record: SessionRecord): void {
    for (const watcher of [...(this.#watched.get(record.id)?.watchers ?? [])]) {
      if (record.revision > watcher.afterRevision) watcher.resolve(record);
    }
  }

  /** Rejects every watcher. */
  close(reason: unknown): void {
    for (const { watchers } of [...this.#watched.values()]) for (const watcher of [...watchers]) watcher.reject(reason);
  }

  async #look(id: string, watched: Watched): Promise<void> {
    try {
      const found = await this.#sessions.read(id);
      watched.etag = found?.etag;
      if (found?.record) this.changed(found.record);
    } catch (error) {
      // A store that is away for a while is asked again; what cannot be read at all never will be.
      if (OnRecordError.is(error) && error.retry === 'safe') return;
      for (const watcher of [...watched.watchers]) watcher.reject(error);
    }
  }

  #update(): void {
    if (this.#watched.size === 0) {
      this.#polling?.abort();
      this.#polling = undefined;
    } else if (!this.#polling) {
      this.#polling = new AbortController();
      void this.#poll(this.#polling.signal);
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.delay(this.#intervalMs, { signal }).catch(() => {});
      if (signal.aborted) return;
      await Promise.all([...this.#watched].map(([id, watched]) => this.#poke(id, watched)));
    }
  }

  async #poke(id: string, watched: Watched): Promise<void> {
    const etag = await this.#sessions.etagOf(id).catch(() => undefined);
    if (etag !== undefined && etag !== watched.etag) await this.#look(id, watched);
  }
}
