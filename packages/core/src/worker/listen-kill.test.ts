import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteSessionStore } from '@onrecord/session-store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSession } from '../engine/create-session.ts';
import { newSessionId } from '../engine/ids.ts';
import { acceptCommand, markSent } from '../engine/settle-command.ts';
import { correlationOf, type Seen } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { socketReport } from './testing/socket-driver.ts';

const script = fileURLToPath(new URL('./testing/listen-until-killed.ts', import.meta.url));
let directory: string;
let store: SessionStore;
let server: Server;
let address: string;
let seen: Seen;
const children = new Map<string, ChildProcess>();
/** Who is connected, in order of arrival, and who waits for the next one to come. */
const connected: { readonly name: string; readonly response: ServerResponse }[] = [];
let arrived: (() => void)[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'onrecord-listening-'));
  store = sqliteSessionStore({ path: join(directory, 'sessions.db'), watchIntervalMs: 10 });
  seen = { capturing: true };
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (pathname === '/status') return void response.end(JSON.stringify(seen));
    response.writeHead(200).flushHeaders();
    connected.push({ name: searchParams.get('name') ?? '', response });
    for (const resolve of arrived.splice(0)) resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const child of children.values()) child.kill('SIGKILL');
  children.clear();
  connected.length = 0;
  arrived = [];
  server.closeAllConnections();
  server.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function start(name: string, origin: number): void {
  const child = fork(script, [join(directory, 'sessions.db'), address, name, String(origin), '4'], {
    execArgv: ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning'],
  });
  children.set(name, child);
}

/** The nth connection that any process made, from 1. */
async function connection(ordinal: number) {
  while (connected.length < ordinal) await new Promise<void>((resolve) => arrived.push(resolve));
  return connected[ordinal - 1]!;
}

/** A session whose start was accepted just now. */
async function startedSession(): Promise<string> {
  const now = Date.now();
  const id = newSessionId(now);
  const call = { kind: 'azure.server-call', provider: 'main', key: id, data: {} } as const;
  const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
  const record = createSession({ id, provider: 'main', deployment: 'test', call, output, idempotencyKey: id }, now);
  const start = record.commands[0]!.id;
  await store.create(
    acceptCommand(markSent(record, start, now), start, { kind: 'accepted', handle: id }, now).record,
    [],
  );
  return id;
}

async function until(id: string, done: (record: SessionRecord) => boolean): Promise<SessionRecord> {
  let record = await store.load(id);
  while (!record || !done(record)) {
    record = await store.watch(id, record?.revision ?? 0, { signal: AbortSignal.timeout(15_000) });
  }
  return record;
}

test('kill -9 of the process that listens: another one goes on, and learns what nobody heard', async () => {
  const [heard, missed] = [await startedSession(), await startedSession()];
  const origin = Date.now();
  start('a', origin);
  start('b', origin);
  const first = await connection(1);
  const report = socketReport(correlationOf(heard, 'p1'), { ended: true, endReason: 'call-ended' }, Date.now());
  first.response.write(`${JSON.stringify(report)}\n`);
  await until(heard, ({ reports }) => reports.some(({ reportId }) => reportId === report.reportId));
  await until(missed, ({ snapshot: { state } }) => state === 'recording');

  const child = children.get(first.name)!;
  child.kill('SIGKILL');
  expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
  seen = { capturing: false, ended: true, endReason: 'call-ended' };
  const second = await connection(2);
  expect(second.name).not.toBe(first.name);
  const { snapshot } = await until(missed, ({ snapshot: { state } }) => state === 'processing');
  expect(snapshot.endReason).toBe('call-ended');
});
