import { type Clock, type Report, type SessionRecord, type SessionStore, timestamp } from '@onrecord/core';
import { type MemoryDriver, memory } from '@onrecord/storage';
import fc, { type Scheduler } from 'fast-check';
import { expect, test } from 'vitest';
import { sessionRecord } from '../testing/session-record.ts';
import { objectSessionStore } from './index.ts';
import { type Fate, unreliable } from './testing/unreliable-driver.ts';

/** Each run is another interleaving; a long look takes thousands. */
const runs = Number(process.env['ONRECORD_PROPERTY_RUNS'] ?? 150);

const pool = ['a', 'b', 'c'] as const;
const farMs = Date.parse('2030-01-01T00:00:00.000Z');

const keysOf = fc.shuffledSubarray([...pool], { minLength: 1 });

/** Mostly sound, and now and then everything that goes wrong between a process and its store. */
const fates = fc.infiniteStream(
  fc.oneof(
    { weight: 30, arbitrary: fc.constant<Fate>('ok') },
    { weight: 3, arbitrary: fc.constantFrom<Fate>('refused', 'answer-lost', 'repeated') },
    { weight: 1, arbitrary: fc.constantFrom<Fate>('dead', 'dead-after') },
  ),
);

/** A clock on which a wait is one turn among the others. */
function scheduledClock(scheduler: Scheduler): Clock {
  let now = Date.parse('2026-01-05T09:00:00.000Z');
  return { now: () => now++, monotonic: () => now, delay: () => scheduler.schedule(Promise.resolve(), 'wait') };
}

const patient: Clock = { now: () => farMs, monotonic: () => 0, delay: async () => {} };

/** A process of its own: nothing is shared with others but the objects. */
function processOver(driver: MemoryDriver, scheduler: Scheduler, stream: Fate[] | Iterator<Fate>): SessionStore {
  const next = Array.isArray(stream) ? stream.values() : stream;
  const uncertain = unreliable(driver, {
    turn: () => scheduler.schedule(Promise.resolve(), 'request'),
    fate: () => next.next().value ?? 'ok',
  });
  return objectSessionStore(uncertain, { clock: scheduledClock(scheduler) });
}

/** Runs the work of all processes, in any order; those that die are left behind. */
async function interleave(scheduler: Scheduler, work: readonly Promise<unknown>[]): Promise<void> {
  void Promise.allSettled(work);
  await scheduler.waitIdle();
}

/** The sessions as their objects say, with the keys that each holds. */
function stored(driver: MemoryDriver): readonly { readonly record: SessionRecord; readonly keys: readonly string[] }[] {
  return [...driver.native()].flatMap(([name, content]) => {
    if (!name.startsWith('sessions/sessions/')) return [];
    const { record, keys } = JSON.parse(Buffer.from(content).toString());
    return record ? [{ record, keys }] : [];
  });
}

function expectKeysUnique(driver: MemoryDriver): void {
  const keys = stored(driver).flatMap((session) => session.keys);
  expect(keys).toEqual([...new Set(keys)]);
}

test('a key belongs to one session, whoever creates, dies or loses answers, and nothing that is left is in the way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(keysOf, fates), { minLength: 2, maxLength: 4 }),
      fc.boolean(),
      async (scheduler, processes, sameIds) => {
        const driver = memory();
        const outcomes: { readonly id: string; readonly keys: readonly string[]; readonly holder: string }[] = [];
        const work = processes.map(async ([keys, stream], index) => {
          const store = processOver(driver, scheduler, stream);
          const id = sameIds ? `s${index % 2}` : `s${index}`;
          for (let attempt = 1; ; attempt++) {
            try {
              const { record, created } = await store.create(sessionRecord(id), keys);
              if (created) expect(record.id).toBe(id);
              outcomes.push({ id, keys, holder: record.id });
              return;
            } catch (error) {
              if (attempt === 3) throw error;
            }
          }
        });
        await interleave(scheduler, work);
        expectKeysUnique(driver);
        const store = objectSessionStore(driver, { clock: patient });
        for (const { id, keys, holder } of outcomes) {
          expect((await store.load(holder))?.id).toBe(holder);
          const session = stored(driver).find(({ record }) => record.id === holder);
          if (holder !== id) expect(session?.keys.some((key) => keys.includes(key))).toBe(true);
        }
        const made = stored(driver);
        for (const { record, keys } of made) {
          for (const key of keys) expect((await store.findByKey(key))?.id).toBe(record.id);
        }
        expect([...(await store.list())].sort()).toEqual(made.map(({ record }) => record.id).sort());
        const taken = made.flatMap(({ keys }) => keys);
        for (const key of pool) {
          expect((await store.create(sessionRecord(`after-${key}`), [key])).created).toBe(!taken.includes(key));
        }
        expectKeysUnique(driver);
        await store.close();
      },
    ),
    { numRuns: runs },
  );
});

interface Change {
  readonly session: 's0' | 's1';
  readonly dueMs: number | undefined;
  readonly addKeys: readonly string[];
  readonly by: 'save' | 'claim';
}

const change: fc.Arbitrary<Change> = fc.record({
  session: fc.constantFrom('s0' as const, 's1' as const),
  dueMs: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  addKeys: fc.shuffledSubarray([...pool], { maxLength: 2 }),
  by: fc.constantFrom('save' as const, 'save' as const, 'claim' as const),
});

test('what was saved is there, what was refused is not, and every unfinished session is claimed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(fc.array(change, { minLength: 1, maxLength: 4 }), fates), { minLength: 2, maxLength: 3 }),
      async (scheduler, processes) => {
        const driver = memory();
        const first = objectSessionStore(driver, { clock: patient });
        for (const id of ['s0', 's1']) {
          await first.create(sessionRecord(id, { dueAt: timestamp(farMs) }), [`own-${id}`]);
        }
        const saved: (readonly [id: string, label: string])[] = [];
        const refused: (readonly [id: string, label: string])[] = [];
        const work = processes.map(async ([changes, stream], index) => {
          const store = processOver(driver, scheduler, stream);
          for (const [step, { session, dueMs, addKeys, by }] of changes.entries()) {
            const label = `p${index}-${step}`;
            const at = timestamp(farMs + 10);
            const record =
              by === 'save'
                ? await store.load(session)
                : (await store.claimDue({ now: at, limit: 1, leaseMs: 1, owner: `p${index}` }))[0];
            if (!record) continue;
            const { dueAt: _, lease: __, ...rest } = record;
            const due = dueMs === undefined ? {} : { dueAt: timestamp(farMs + dueMs) };
            const next = { ...rest, ...due, labels: { ...record.labels, [label]: 'yes' } };
            const outcome = await store.save(next, record.revision, addKeys);
            (outcome === 'saved' ? saved : refused).push([record.id, label]);
          }
        });
        await interleave(scheduler, work);
        expectKeysUnique(driver);
        const store = objectSessionStore(driver, { clock: patient });
        for (const [id, label] of saved) expect((await store.load(id))?.labels[label], label).toBe('yes');
        for (const [id, label] of refused) expect((await store.load(id))?.labels[label], label).toBeUndefined();
        for (const { record, keys } of stored(driver)) {
          for (const key of keys) expect((await store.findByKey(key))?.id).toBe(record.id);
        }
        const unfinished = stored(driver).flatMap(({ record }) => (record.dueAt === undefined ? [] : [record.id]));
        expect([...(await store.list({ unfinished: true }))].sort()).toEqual([...unfinished].sort());
        const claimed = await store.claimDue({ now: timestamp(farMs + 100), limit: 10, leaseMs: 1, owner: 'last' });
        expect(claimed.map(({ id }) => id).sort()).toEqual([...unfinished].sort());
        await store.close();
      },
    ),
    { numRuns: runs },
  );
});

test('everybody is told the value that stands under a name, and a parked report is there once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fates, { minLength: 2, maxLength: 5 }), async (scheduler, processes) => {
      const driver = memory();
      const told: unknown[] = [];
      let parked = 0;
      const work = processes.map(async (stream, index) => {
        const store = processOver(driver, scheduler, stream);
        told.push(await store.remember('turn/1', { index }, timestamp(farMs)));
        await store.park({ key: 'k', report, expiresAt: timestamp(farMs) });
        parked += 1;
      });
      await interleave(scheduler, work);
      const store = objectSessionStore(driver, { clock: patient });
      const stands = await store.recall('turn/1');
      for (const value of told) expect(value).toEqual(stands);
      const waiting = await store.unpark(['k'], timestamp(farMs - 1));
      expect(waiting.length).toBeLessThanOrEqual(1);
      if (parked > 0) expect(waiting).toEqual([{ key: 'k', report, expiresAt: timestamp(farMs) }]);
      await store.close();
    }),
    { numRuns: runs },
  );
});

const report: Report = {
  reportId: 'r1',
  subject: { providerKey: 'k' },
  seen: { capturing: true },
  cause: { unattributed: true },
  clock: { domain: 'none' },
  via: 'push',
  receivedAt: timestamp(farMs),
};
