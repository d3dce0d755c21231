import { type Clock, timestamp } from '../clock.ts';
import { newId } from '../engine/ids.ts';
import { OnRecordError } from '../errors/index.ts';
import type { Json } from '../json.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** Longer than any provider redelivers (Event Grid: 24 h). */
const keptMs = 7 * 24 * 3_600_000;
/** A process that claimed a notice and did not finish within this is taken for dead. */
const claimMs = 30_000;

/** What is durably known of the handling of one notice, so that a redelivery neither repeats nor loses anything. */
export interface NoticeJournal {
  readonly done: boolean;
  /** The JSON value under this name; the first writer's stands, in every process. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
  finish(): Promise<void>;
  /** Gives the notice up, so that the next delivery of it can begin at once. */
  release(): Promise<void>;
}

/**
 * Opens the journal of a notice for this process alone.
 * @throws OnRecordError `unavailable` while another process handles it: the provider delivers it again.
 */
export async function openJournal(store: SessionStore, clock: Clock, name: string): Promise<NoticeJournal> {
  const expiresAt = timestamp(clock.now() + keptMs);
  const done = (await store.recall(`${name}/done`)) === true;
  const claimed = done ? '' : await claim(store, clock, name, expiresAt);
  return {
    done,
    async once<T>(entry: string, make: () => Promise<T>): Promise<T> {
      const known = await store.recall(`${name}/${entry}`);
      if (known !== undefined) return known as T;
      const value = JSON.parse(JSON.stringify(await make())) as Json;
      return (await store.remember(`${name}/${entry}`, value, expiresAt)) as T;
    },
    async finish() {
      await store.remember(`${name}/done`, true, expiresAt);
    },
    async release() {
      await store.remember(`${claimed}/released`, true, expiresAt);
    },
  };
}

async function claim(store: SessionStore, clock: Clock, name: string, expiresAt: string): Promise<string> {
  const owner = newId();
  for (let attempt = 0; ; attempt++) {
    const entry = `${name}/claim/${attempt}`;
    const held = await store.remember(entry, { owner, at: clock.now() }, expiresAt);
    if (typeof held !== 'object' || held === null || !('owner' in held) || held['owner'] === owner) return entry;
    const over = Number(held['at']) + claimMs <= clock.now() || (await store.recall(`${entry}/released`)) === true;
    if (!over) {
      throw new OnRecordError('unavailable', 'Another process is handling this notice.', {
        retry: 'safe',
        blame: 'library',
        remedy: 'Deliver it again.',
      });
    }
  }
}
