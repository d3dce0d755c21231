/** What the recorder adds around a driver that answers at once: pause and resume, each recorded, sent, folded and saved. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Capabilities, createRecorder, newId, type RecordingDriver, type Report, timestamp } from '@onrecord/core';
import { median, print } from './paired.ts';

const server = fork(fileURLToPath(new URL('./status-server.ts', import.meta.url)), { stdio: 'ignore' });
const [port] = (await once(server, 'message')) as [number];
const agent = new Agent({ keepAlive: true });

function rawRequest(): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent, method: 'POST', path: '/' }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => {
        JSON.parse(text);
        resolve();
      });
    });
    sent.on('error', reject);
    sent.end('{"pause":true}');
  });
}

const capabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['asterisk.channel'],
  outputs: [{ media: 'audio', layout: 'mixed', container: 'wav' }],
  pause: { effects: ['omitted'], fidelity: 'native', startPaused: false },
  discard: false,
  announce: false,
  starts: { scope: 'call', concurrent: 'unlimited', total: 'unlimited' },
  confirms: { start: ['answer'], pause: ['answer'], resume: ['answer'], stop: ['answer'] },
  commandPlane: 'direct',
  custody: 'provider',
  lookup: 'none',
  status: false,
} as const satisfies Capabilities;

function answered(correlation: string, commandId: string, seen: Report['seen']): Report {
  const now = timestamp(Date.now());
  return {
    reportId: newId(),
    subject: { correlation },
    seen,
    cause: { commandId },
    clock: { domain: 'ours', at: now },
    via: 'answer',
    receivedAt: now,
  };
}

const driver: RecordingDriver<typeof capabilities> = {
  spec: 'onrecord.driver/v1',
  type: 'null',
  capabilities,
  doStart: async ({ correlation, command }) => ({
    kind: 'done',
    handle: correlation,
    reports: [answered(correlation, command.commandId, { capturing: true })],
  }),
  doPause: async ({ correlation }, { commandId }) => ({
    kind: 'done',
    reports: [answered(correlation, commandId, { capturing: false })],
  }),
  doResume: async ({ correlation }, { commandId }) => ({
    kind: 'done',
    reports: [answered(correlation, commandId, { capturing: true })],
  }),
  doStop: async ({ correlation }, { commandId }) => ({
    kind: 'done',
    reports: [answered(correlation, commandId, { ended: true, capturing: false })],
  }),
  classifyError: () => ({ code: 'unknown', retry: 'never', blame: 'library' }),
  native: () => undefined,
  close: async () => {},
};

const recorder = createRecorder(driver, { worker: false });
let calls = 0;

async function session(): Promise<number> {
  const started = await recorder.start({
    call: { kind: 'asterisk.channel', provider: 'null', key: String(calls++), data: {} },
    consent: { basis: 'application', noticeId: 'benchmark' },
  });
  const before = process.cpuUsage();
  for (let index = 0; index < 4; index++) {
    await started.pause();
    await started.resume();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 8;
}

async function raw(): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < 50; index++) await rawRequest();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 50;
}

async function mean(count: number, work: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += await work();
  return sum / count;
}

try {
  await mean(300, session);
  await mean(40, raw);
  const pairs: { left: number; right: number }[] = [];
  for (let round = 0; round < 9; round++) {
    pairs.push({ left: await mean(100, session), right: await mean(20, raw) });
  }
  const ratios = pairs.map(({ left, right }) => left / right).sort((a, b) => a - b);
  print('recorder pipeline / raw loopback request', 'CPU µs', 0.06, {
    left: median(pairs.map(({ left }) => left)),
    right: median(pairs.map(({ right }) => right)),
    ratio: median(ratios),
    lowest: ratios[0] ?? Number.NaN,
    highest: ratios.at(-1) ?? Number.NaN,
  });
} finally {
  agent.destroy();
  server.kill();
  await recorder.close();
}
