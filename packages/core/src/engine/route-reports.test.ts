import { expect, test } from 'vitest';
import { timestamp } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf, type Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { memorySessionStore } from '../session-store/memory-session-store.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { createSession } from './create-session.ts';
import { newSessionId } from './ids.ts';
import { adoptParked, correlationIndexes, routeReports } from './route-reports.ts';

const now = Date.parse('2026-01-05T09:00:00.000Z');

function session(): SessionRecord {
  const id = newSessionId(now);
  return createSession(
    {
      id,
      provider: 'main',
      deployment: 'test',
      call: { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} },
      output: { media: 'audio', layout: 'mixed', container: 'wav' },
      idempotencyKey: id,
    },
    now,
  );
}

function report(subject: Report['subject'], reportId: string, seen: Report['seen'] = {}): Report {
  return {
    reportId,
    subject,
    seen,
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: timestamp(now),
  };
}

const idsOf = async (store: SessionStore, id: string) =>
  (await store.load(id))?.reports.map(({ reportId }) => reportId).sort();

test('an event that names a session which is not there yet waits for it', async () => {
  const store = memorySessionStore();
  const record = session();
  const early = report({ correlation: correlationOf(record.id, 'p1') }, 'early');
  expect(await routeReports(store, 'main', [early], now)).toEqual({ sessionIds: [], parked: 1 });
  await store.create(record, []);
  await adoptParked(store, record.id, correlationIndexes(record), now);
  expect(await idsOf(store, record.id)).toEqual(['early']);
});

test('a session that appears while its event is being parked gets it at once', async () => {
  const store = memorySessionStore();
  const record = session();
  const park = store.park.bind(store);
  store.park = async (parked) => {
    await store.create(record, []);
    await park(parked);
  };
  const early = report({ correlation: correlationOf(record.id, 'p1') }, 'early');
  expect((await routeReports(store, 'main', [early], now)).sessionIds).toEqual([record.id]);
  expect(await idsOf(store, record.id)).toEqual(['early']);
});

test('parked events that cannot be saved stay parked', async () => {
  const store = memorySessionStore();
  const { record } = await store.create(session(), []);
  await routeReports(store, 'main', [report({ providerKey: 'k' }, 'early')], now);
  const save = store.save.bind(store);
  let broken = false;
  store.save = async (...args) => {
    const saved = broken ? Promise.reject(new OnRecordError('storage-failed', 'EIO')) : save(...args);
    broken = true;
    return saved;
  };
  const bringing = report({ correlation: correlationOf(record.id, 'p1') }, 'answer', { providerKeys: ['k'] });
  await expect(routeReports(store, 'main', [bringing], now)).rejects.toMatchObject({ code: 'storage-failed' });
  store.save = save;
  await adoptParked(store, record.id, ['provider/main/k'], now);
  expect(await idsOf(store, record.id)).toEqual(['answer', 'early']);
});

test('a session that cannot take its reports keeps none from the others', async () => {
  const store = memorySessionStore();
  const { record: holder } = await store.create(session(), ['provider/main/taken']);
  const { record: other } = await store.create(session(), []);
  const { record: last } = await store.create(session(), []);
  const reports = [
    report({ correlation: correlationOf(other.id, 'p1') }, 'bad', { providerKeys: ['taken'] }),
    report({ correlation: correlationOf(last.id, 'p1') }, 'good'),
  ];
  await expect(routeReports(store, 'main', reports, now)).rejects.toMatchObject({
    code: 'provider-contract',
    context: { otherSessionId: holder.id },
  });
  expect(await idsOf(store, last.id)).toEqual(['good']);
});

test('a process that dies before it has saved what was parked loses none of it', async () => {
  const store = memorySessionStore();
  const record = session();
  await routeReports(store, 'main', [report({ correlation: correlationOf(record.id, 'p1') }, 'early')], now);
  await store.create(record, []);
  const killed: SessionStore = Object.assign(Object.create(store) as SessionStore, {
    unpark: store.unpark.bind(store),
    load: store.load.bind(store),
    save: () => new Promise<never>(() => {}),
  });
  void adoptParked(killed, record.id, correlationIndexes(record), now);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await idsOf(store, record.id)).toEqual([]);
  await adoptParked(store, record.id, correlationIndexes(record), now);
  expect(await idsOf(store, record.id)).toEqual(['early']);
  expect(await store.unpark(correlationIndexes(record), timestamp(now))).toEqual([]);
});

test('two processes that adopt at once adopt everything once, and what comes meanwhile too', async () => {
  const store = memorySessionStore();
  const record = session();
  const correlation = correlationOf(record.id, 'p1');
  for (const id of ['a', 'b']) await routeReports(store, 'main', [report({ correlation }, id)], now);
  await store.create(record, []);
  const [key] = correlationIndexes(record);
  const unpark = store.unpark.bind(store);
  store.unpark = async (keys, at, taken) => {
    const waiting = await unpark(keys, at, taken);
    if (!taken?.length)
      await store.park({ key: key!, report: report({ correlation }, 'c'), expiresAt: timestamp(now + 1_000) });
    return waiting;
  };
  await Promise.all([1, 2].map(() => adoptParked(store, record.id, correlationIndexes(record), now)));
  expect(await idsOf(store, record.id)).toEqual(['a', 'b', 'c']);
  expect(await unpark([key!], timestamp(now))).toEqual([]);
});

test('a report with a shared key waits under it, and of those there a claim made meanwhile takes its own alone', async () => {
  const store = memorySessionStore();
  const about = (providerKey: string) => report({ providerKey, sharedKey: 'call' }, providerKey);
  await routeReports(store, 'main', [about('call@1')], now);
  const record = session();
  const [part] = record.parts as [SessionRecord['parts'][number]];
  const park = store.park.bind(store);
  store.park = async (parked) => {
    await store.create({ ...record, parts: [{ ...part, keys: ['call@2'] }] }, ['provider/main/call@2']);
    await park(parked);
  };
  expect((await routeReports(store, 'main', [about('call@2')], now)).sessionIds).toEqual([record.id]);
  expect(await idsOf(store, record.id)).toEqual(['call@2']);
  const waiting = await store.unpark(['provider/main/call'], timestamp(now));
  expect(waiting.map(({ report: { reportId } }) => reportId)).toEqual(['call@1']);
});
