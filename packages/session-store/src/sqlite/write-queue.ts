import type { DatabaseSync } from 'node:sqlite';
import { closedError, sqliteError } from './sqlite-error.ts';

/** Writes in one transaction at most, so that a burst does not hold the event loop. */
const maxBatch = 256;

interface Write {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Takes writes and commits those of one turn of the event loop together: one sync to disk for all of them. */
export interface WriteQueue {
  /** Runs `write` inside a transaction; resolves once it is on disk. It must be repeatable: a failed batch is split. */
  add<T>(write: () => T): Promise<T>;
  /** Resolves when everything added so far is on disk; later writes are refused. */
  close(): Promise<void>;
}

export function writeQueue(database: DatabaseSync, path: string): WriteQueue {
  const waiting: Write[] = [];
  let scheduled = false;
  let closed: (() => void) | undefined;

  function commitTogether(batch: readonly Write[]): void {
    const values: unknown[] = [];
    try {
      database.exec('BEGIN IMMEDIATE');
      for (const { run } of batch) values.push(run());
      database.exec('COMMIT');
    } catch (error) {
      rollBack();
      if (batch.length > 1) {
        for (const write of batch) commitTogether([write]);
      } else {
        batch[0]?.reject(sqliteError(error, path));
      }
      return;
    }
    for (const [index, { resolve }] of batch.entries()) resolve(values[index]);
  }

  function rollBack(): void {
    try {
      // SQLite rolls back by itself after some errors, a full disk among them.
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
    } catch {
      // The first error says what happened; the transaction dies with the connection.
    }
  }

  function flush(): void {
    scheduled = false;
    commitTogether(waiting.splice(0, maxBatch));
    if (waiting.length > 0) schedule();
    else closed?.();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  return {
    add<T>(write: () => T): Promise<T> {
      if (closed) return Promise.reject(closedError(path));
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run: write, resolve: (value) => resolve(value as T), reject });
        schedule();
      });
    },
    close: () =>
      new Promise((resolve) => {
        closed = resolve;
        if (waiting.length === 0) resolve();
      }),
  };
}
