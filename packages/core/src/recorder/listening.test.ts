import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallConnected } from '../call/call-notice.ts';
import { OnRecordError } from '../errors/index.ts';
import { defineFlow } from '../flow/flow.ts';
import type { Logger } from '../log.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { createRecorder } from './create-recorder.ts';
import type { RecorderOptions } from './recorder.ts';
import { bareCapabilities, fullCapabilities, ScriptedProvider, scriptedDriver } from './testing/scripted-provider.ts';
import { ScriptedSocket, socketedDriver } from './testing/scripted-socket.ts';

const call = { kind: 'test.call', provider: 'main', key: 'call-1', data: {} } as const;
const connected: CallConnected = { type: 'call.connected', noticeId: 'n1', call, answered: true };
let clock: VirtualClock;
let provider: ScriptedProvider;
let socket: ScriptedSocket;
let store: SessionStore;
const open: { close(): Promise<void> }[] = [];

beforeEach(() => {
  clock = new VirtualClock();
  provider = new ScriptedProvider();
  socket = new ScriptedSocket();
  store = memorySessionStore();
});

afterEach(async () => {
  for (const recorder of open.splice(0)) await clock.until(recorder.close());
  clock[Symbol.dispose]();
});

function recorderWith(options: RecorderOptions = {}) {
  const driver = socketedDriver(provider, socket, fullCapabilities);
  const recorder = createRecorder(driver, { instance: 'main', store, clock, ...options });
  open.push(recorder);
  return { recorder, driver };
}

describe('a recorder of a provider with a socket', () => {
  test('opens it before the first request leaves', async () => {
    let ready = () => {};
    socket.opens = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const { recorder } = recorderWith();
    const started = recorder.start({ call });
    await clock.advance(15_000);
    expect(provider.requests).toEqual([]);
    ready();
    const session = await clock.until(started);
    expect(session.state).toBe('recording');
    expect(provider.requests).toEqual(['start']);
  });

  test('sends all the same when it cannot be opened, and says what the provider says', async () => {
    socket.refusals.push(...Array.from({ length: 99 }, () => new OnRecordError('unauthenticated', 'Wrong password.')));
    const { recorder } = recorderWith();
    const started = recorder.start({ call }).catch((error: unknown) => error);
    const error = await clock.until(started, 95_000);
    expect(OnRecordError.is(error, 'timeout')).toBe(true);
    expect(String(error)).toContain('Nobody listens to the provider. Run a worker.');
  });

  test('does not wait for a socket that stays silent beyond what one attempt may take', async () => {
    socket.opens = new Promise(() => {});
    const { recorder } = recorderWith();
    recorder.start({ call }).catch(() => {});
    await clock.advance(21_000);
    expect(provider.requests).toContain('start without listener');
  });

  test.each(['start', 'attach', 'serve', 'listen'] as const)(
    'hears from the first %s until it is closed',
    async (need) => {
      const other = createRecorder(scriptedDriver(provider, fullCapabilities), {
        instance: 'main',
        store,
        clock,
        worker: false,
      });
      const { id } = await other.start({ call });
      await (await other.attach(id)).stop();
      const { recorder } = recorderWith();
      await clock.advance(60_000);
      expect(socket.listeners.size).toBe(0);
      if (need === 'start') {
        const session = await clock.until(recorder.start({ call }));
        await clock.until(session.stop());
      }
      if (need === 'attach') await recorder.attach(id);
      if (need === 'serve') recorder.serve(defineFlow({}, {}));
      if (need === 'listen') await clock.until(recorder.listen());
      await clock.advance(100);
      expect(socket.listeners.size).toBe(1);
      await clock.advance(3_600_000);
      expect([socket.listeners.size, socket.attempts]).toEqual([1, 1]);
      await recorder.close();
      expect(socket.listeners.size).toBe(0);
      await expect(recorder.start({ call: { ...call, key: 'other' } })).rejects.toThrow('closed');
    },
  );

  test('runs its flow on the calls that are told of there, each once', async () => {
    const events: string[] = [];
    const { recorder, driver } = recorderWith();
    recorder.serve(
      defineFlow(
        { announce: 'required' },
        {
          onCall(notice, turn) {
            if (notice.type === 'call.connected') turn.announce({ text: 'This call is recorded.' });
            if (notice.type === 'call.announced') {
              turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
            }
          },
          onRecording: ({ type }) => void events.push(type),
        },
      ),
    );
    await clock.advance(100);
    for (let time = 0; time < 2; time++) await socket.send(driver, provider.webhook({ calls: [connected] }));
    await clock.advance(1_000);
    expect(provider.requests).toEqual(['announce:This call is recorded.']);
    await socket.send(driver, provider.played());
    await clock.advance(5_000);
    expect(provider.requests).toEqual(['announce:This call is recorded.', 'start']);
    expect(events).toContain('dev.onrecord.recording.started.v1');
  });

  test('confirms by it what was only accepted', async () => {
    provider.mode = 'later';
    const { recorder, driver } = recorderWith();
    const started = recorder.start({ call });
    await clock.advance(1_000);
    await socket.send(driver, provider.settle());
    expect((await clock.until(started, 5_000)).state).toBe('recording');
  });

  test('that runs no worker leaves the socket to the process that does', async () => {
    const { recorder } = recorderWith({ worker: false });
    recorder.serve(defineFlow({}, {}));
    await recorder.listen();
    await clock.advance(60_000);
    expect(socket.attempts).toBe(0);

    const heard: string[] = [];
    const other = recorderWith({ worker: false });
    other.recorder.serve(
      defineFlow(
        {},
        {
          onCall: ({ noticeId }) => void heard.push(noticeId),
          onRecording: ({ type }) => void heard.push(type),
        },
      ),
    );
    const stop = new AbortController();
    const running = other.recorder.createWorker().run({ signal: stop.signal });
    await clock.advance(100);
    await clock.until(recorder.start({ call }));
    await socket.send(other.driver, provider.webhook({ calls: [connected] }));
    await clock.advance(5_000);
    expect(heard).toContain('n1');
    expect(heard).toContain('dev.onrecord.recording.started.v1');
    stop.abort();
    await clock.until(running);
    expect(socket.listeners.size).toBe(0);
  });

  test('waits for the socket of the worker that it made, too', async () => {
    let ready = () => {};
    socket.opens = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const { recorder } = recorderWith({ worker: false });
    const stop = new AbortController();
    const running = recorder.createWorker().run({ signal: stop.signal });
    const started = recorder.start({ call });
    await clock.advance(5_000);
    expect(provider.requests).toEqual([]);
    ready();
    await clock.until(started, 1_000);
    stop.abort();
    await clock.until(running);
  });

  test('with no worker and no shared store says so, and hangs nowhere', async () => {
    const lines: string[] = [];
    const warn = (_: object, message: string) => void lines.push(message);
    const logger: Logger = { debug() {}, info() {}, warn, error: warn };
    const driver = socketedDriver(provider, socket, fullCapabilities);
    const recorder = createRecorder(driver, { instance: 'main', clock, worker: false, logger });
    expect(lines.join()).toContain('nobody hears the events of this provider');
    await expect(clock.until(recorder.start({ call }), 95_000)).rejects.toThrow('Nobody listens');
    await recorder.close();
  });

  test('hears draining instances, too, and keeps their calls from the flow', async () => {
    const old = new ScriptedSocket();
    const draining = { old: { driver: socketedDriver(provider, old, bareCapabilities) } };
    const { recorder, driver } = recorderWith({ draining });
    const heard: string[] = [];
    recorder.serve(defineFlow({}, { onCall: ({ noticeId }) => void heard.push(noticeId) }));
    await clock.advance(100);
    expect([socket.listeners.size, old.listeners.size]).toEqual([1, 1]);
    await old.send(driver, provider.webhook({ calls: [connected] }));
    await clock.advance(100);
    expect(heard).toEqual([]);
  });

  test('ends although its socket never opens', async () => {
    socket.opens = new Promise(() => {});
    const { recorder } = recorderWith();
    const started = recorder.start({ call }).catch((error: unknown) => error);
    await clock.advance(1_000);
    await recorder.close();
    expect(OnRecordError.is(await started, 'aborted')).toBe(true);
  });
});
