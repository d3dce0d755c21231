import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock, SessionRecord } from '@onrecord/core';
import { sqliteError } from './sqlite-error.ts';

interface Watcher {
  readonly id: string;
  readonly afterRevision: number;
  readonly resolve: (record: SessionRecord) => void;
  readonly reject: (reason: unknown) => void;
}

/** Tells watchers of new revisions: at once when this process wrote them, by polling when another one did. */
export interface ChangeFeed {
  watch(id: string, afterRevision: number, signal: AbortSignal): Promise<SessionRecord>;
  /** This process has just committed these sessions. */
  changed(ids: readonly string[]): void;
  /** Rejects every watcher. */
  close(reason: unknown): void;
}

export interface ChangeFeedOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly load: (id: string) => SessionRecord | undefined;
}

export function changeFeed(database: DatabaseSync, options: ChangeFeedOptions): ChangeFeed {
  const { path, clock, intervalMs, load } = options;
  // Cheap, and different as soon as another connection has committed.
  const dataVersion: StatementSync = database.prepare('PRAGMA data_version');
  const revisionOf: StatementSync = database.prepare('SELECT revision FROM sessions WHERE id = ?');
  const watchers = new Set<Watcher>();
  let seenVersion: unknown;
  let polling: AbortController | undefined;

  function check(watcher: Watcher): void {
    try {
      const revision = revisionOf.get(watcher.id)?.['revision'];
      if (typeof revision !== 'number' || revision <= watcher.afterRevision) return;
      const record = load(watcher.id);
      if (record) watcher.resolve(record);
    } catch (error) {
      watcher.reject(sqliteError(error, path));
    }
  }

  async function poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const version = dataVersion.get()?.['data_version'];
        if (version !== seenVersion) for (const watcher of [...watchers]) check(watcher);
        seenVersion = version;
      } catch (error) {
        for (const watcher of [...watchers]) watcher.reject(sqliteError(error, path));
      }
      await clock.delay(intervalMs, { signal }).catch(() => {});
    }
  }

  function update(): void {
    if (watchers.size === 0) {
      polling?.abort();
      polling = undefined;
    } else if (!polling) {
      polling = new AbortController();
      void poll(polling.signal);
    }
  }

  return {
    watch: (id, afterRevision, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const leave = () => {
          signal.removeEventListener('abort', onAbort);
          watchers.delete(watcher);
          update();
        };
        const watcher: Watcher = {
          id,
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
        watchers.add(watcher);
        check(watcher);
        update();
      }),
    changed(ids) {
      for (const watcher of [...watchers]) if (ids.includes(watcher.id)) check(watcher);
    },
    close(reason) {
      for (const watcher of [...watchers]) watcher.reject(reason);
    },
  };
}
