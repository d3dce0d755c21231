import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { timestamp } from '../clock.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { createSession } from '../engine/create-session.ts';
import { newSessionId } from '../engine/ids.ts';
import { routeReports } from '../engine/route-reports.ts';
import { correlationOf, type Report, type Seen } from '../report/report.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { adoptShared } from './adopt-shared.ts';
import { HostingProvider, hostingDriver } from './testing/hosting-driver.ts';
import { workerContext } from './worker-options.ts';

let clock: VirtualClock;
let store: SessionStore;

beforeEach(() => {
  clock = new VirtualClock();
  store = memorySessionStore();
});

afterEach(() => clock[Symbol.dispose]());

/** A worker of its own, whose driver takes every report of the call to be about every part. */
function worker() {
  const driver: RecordingDriver = {
    ...hostingDriver(new HostingProvider(), () => clock.now()),
    sharedKeys: () => ['call'],
    isAbout: () => true,
  };
  return workerContext({ store, clock, instances: { main: { driver } } }, () => {});
}

function said(subject: Report['subject'], reportId: string, seen: Seen): Report {
  const receivedAt = timestamp(clock.now());
  const clockless = { domain: 'none' } as const;
  return { reportId, subject, seen, cause: { unattributed: true }, clock: clockless, via: 'push', receivedAt };
}

const file = (name: string): Seen => ({
  media: [{ key: name, uri: `https://provider.example/${name}`, role: 'master' }],
});

/** A session that is over, on a call of its own by name. */
async function ended(seen: Seen = {}): Promise<string> {
  const id = newSessionId(clock.now());
  const call = { kind: 'azure.server-call', provider: 'main', key: id, data: {} } as const;
  const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
  const record = createSession(
    { id, provider: 'main', deployment: 'test', call, output, idempotencyKey: id },
    clock.now(),
  );
  const commands = record.commands.map((command) => ({ ...command, firstSentAt: command.recordedAt }));
  await store.create({ ...record, commands }, []);
  const over = said({ correlation: correlationOf(id, 'p1') }, `over/${id}`, { capturing: false, ended: true, ...seen });
  await routeReports(store, 'main', [over], clock.now());
  return id;
}

const tell = (recording: string, reportId = recording) =>
  routeReports(
    store,
    'main',
    [said({ providerKey: recording, sharedKey: 'call' }, reportId, file(reportId))],
    clock.now(),
  );

async function filesOf(id: string): Promise<readonly string[]> {
  return (await store.load(id))?.snapshot.artifacts.map(({ mediaKey }) => mediaKey) ?? [];
}

test('of two workers at once one takes it over, and what comes after it by the same key is routed', async () => {
  const id = await ended();
  await tell('call@1');
  await Promise.all([adoptShared(worker(), id), adoptShared(worker(), id)]);
  expect(await filesOf(id)).toEqual(['call@1']);
  expect((await tell('call@1', 'more')).sessionIds).toEqual([id]);
  expect(await filesOf(id)).toEqual(['call@1', 'more']);
});

test('a part that has its media takes nothing, and competes with nobody', async () => {
  const has = await ended(file('own'));
  const id = await ended();
  const context = worker();
  await adoptShared(context, has);
  await tell('call@1');
  await adoptShared(worker(), has);
  expect(await filesOf(has)).toEqual(['own']);
  await adoptShared(context, id);
  expect(await filesOf(id)).toEqual(['call@1']);
});

test('two sessions that share the key, and two recordings that fit one session, are a choice for nobody', async () => {
  const ids = [await ended(), await ended()];
  const context = worker();
  for (const id of ids) await adoptShared(context, id);
  await tell('call@1');
  for (const id of ids) await adoptShared(worker(), id);
  expect(await Promise.all(ids.map(filesOf))).toEqual([[], []]);
  store = memorySessionStore();
  const alone = await ended();
  await tell('call@1');
  await tell('call@2');
  await adoptShared(worker(), alone);
  expect(await filesOf(alone)).toEqual([]);
});
