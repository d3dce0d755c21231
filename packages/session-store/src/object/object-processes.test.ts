import type { SessionStore } from '@onrecord/core';
import { SimulatedS3 } from '@onrecord/simulator';
import { s3 } from '@onrecord/storage/s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectKept, killWriters, startWriter } from '../testing/killed-writer.ts';
import { objectSessionStore } from './index.ts';

const bucket = 'sessions';
let server: SimulatedS3;
let store: SessionStore;

beforeEach(async () => {
  server = await SimulatedS3.start({ buckets: [bucket] });
  store = objectSessionStore(s3({ bucket, client: server.clientConfig() }), { ownsStorage: true });
});

afterEach(async () => {
  killWriters();
  await store.close();
  await server.close();
});

const writer = (name: string) => startWriter({ bucket, client: server.clientConfig() }, name);

async function claimAll(): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let found = 1; found > 0; ) {
    const now = '2026-01-05T11:00:00.000Z';
    const claimed = await store.claimDue({ now, limit: 50, leaseMs: 3_600_000, owner: `claim-${ids.length}` });
    ids.push(...claimed.map(({ id }) => id));
    found = claimed.length;
  }
  return ids.sort();
}

/** Three processes that load the SDK take seconds on a busy machine. */
const timeout = 60_000;

test('kill -9 while writing loses nothing that was acknowledged, and leaves nothing half made', {
  timeout,
}, async () => {
  const names = ['a', 'b', 'c'];
  const writers = names.map(writer);
  await Promise.all(writers.map((each) => each.reached(40)));
  await Promise.all(writers.map((each) => each.kill()));
  for (const each of writers) await expectKept(store, each.acknowledged);
  const listed = await store.list();
  for (const id of listed) expect((await store.load(id))?.id).toBe(id);
  expect(await store.list({ unfinished: true })).toEqual(listed);
  expect(await claimAll()).toEqual([...listed].sort());
  // What the dead were about to write is in nobody's way.
  for (const name of names) {
    const last = Math.max(
      ...[...writers[names.indexOf(name)]!.acknowledged.keys()].map((id) => Number(id.split('-')[1])),
    );
    for (const lane of [0, 1, 2]) {
      const id = `${name}-${last + 1}-${lane}`;
      const again = await store.create({ ...(await store.load(listed[0]!))!, id: `new-${id}` }, [`key/${id}`]);
      expect(again.created).toBe(!listed.includes(id));
    }
  }
});
