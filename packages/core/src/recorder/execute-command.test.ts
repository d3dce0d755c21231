import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { commit } from '../engine/commit.ts';
import { createSession } from '../engine/create-session.ts';
import { newSessionId } from '../engine/ids.ts';
import { type CommandRequest, recordCommand } from '../engine/record-command.ts';
import { applyReports } from '../engine/route-reports.ts';
import { timeOutCommand } from '../engine/settle-command.ts';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { HostingProvider, hostingDriver } from '../worker/testing/hosting-driver.ts';
import { executeCommand } from './execute-command.ts';

let clock: VirtualClock;
let store: SessionStore;
let provider: HostingProvider;
let id: string;
const signal = new AbortController().signal;
const broken = new OnRecordError('unavailable', 'The connection broke.', { retry: 'only-with-same-key' });
const busy = new OnRecordError('unavailable', 'Come back later.', { retry: 'safe' });
const refusal = new OnRecordError('permission-denied', 'No.');

beforeEach(async () => {
  clock = new VirtualClock();
  store = memorySessionStore();
  provider = new HostingProvider();
  id = newSessionId(clock.now());
  const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
  const call = { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} } as const;
  const session = { id, provider: 'main', deployment: 'test', call, output, idempotencyKey: id };
  await store.create(createSession(session, clock.now()), []);
});

afterEach(() => clock[Symbol.dispose]());

function driver(changes: Partial<RecordingDriver> = {}, capabilities: Partial<Capabilities> = {}): RecordingDriver {
  const own = hostingDriver(provider, () => clock.now());
  return { ...own, ...changes, capabilities: { ...own.capabilities, ...capabilities } };
}

function execute(commandId: string, using = driver(), repeat?: boolean): Promise<SessionRecord> {
  return executeCommand({ store, driver: using, instance: 'main', clock }, id, commandId, { signal, repeat });
}

const record = async () => (await store.load(id))!;
const first = async () => (await record()).commands[0]!.id;
const stateOf = async (commandId: string) =>
  (await record()).snapshot.commands.find((outcome) => outcome.id === commandId)?.state;
const sent = (name: string) => provider.requests.filter((request) => request === name).length;

async function ask(kind: CommandRequest['kind']): Promise<string> {
  const after = await commit(store, id, (before) => {
    const recorded = recordCommand(before, { kind }, clock.now());
    if (recorded.kind !== 'recorded') throw new Error(recorded.kind);
    return recorded.record;
  });
  return after.commands.at(-1)!.id;
}

/** Says what a poll would: capture is on, or not. */
async function see(capturing: boolean): Promise<void> {
  const { commands } = await record();
  const at = new Date(clock.now()).toISOString();
  const asOfOrdinal = commands.filter(({ acceptedAt }) => acceptedAt).at(-1)?.ordinal ?? 0;
  await applyReports(
    store,
    id,
    [
      {
        reportId: `seen/${at}/${asOfOrdinal}`,
        subject: { correlation: correlationOf(id, 'p1') },
        seen: { capturing },
        cause: { asOfOrdinal },
        clock: { domain: 'none' },
        via: 'poll',
        receivedAt: at,
      },
    ],
    clock.now(),
  );
}

async function recording(): Promise<void> {
  await execute(await first());
  await see(true);
}

/** A request that hangs until it is let go. */
function hanging<A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    release,
    async work(...args: A): Promise<T> {
      const outcome = await work(...args);
      await gate;
      return outcome;
    },
  };
}

describe('two processes', () => {
  test('do not send one command at once', async () => {
    await recording();
    const pause = await ask('pause');
    const slow = hanging(driver().doPause!);
    const one = execute(pause, driver({ doPause: slow.work }));
    await clock.idle();
    await clock.advance(15_000);
    await execute(pause);
    expect(sent('pause')).toBe(1);
    slow.release();
    await one;
    expect((await record()).commands.at(-1)?.acceptedAt).toBeDefined();
  });

  test('do not repeat at once what one of them is told to repeat', async () => {
    await recording();
    const pause = await ask('pause');
    provider.failures.push(busy, busy, busy, busy, busy, busy);
    const one = execute(pause);
    await clock.idle();
    await execute(pause);
    await execute(pause);
    expect(sent('pause')).toBe(1);
    await clock.until(one, 60_000);
    expect(sent('pause')).toBe(7);
  });

  test('take over from one that died: the same request again', async () => {
    const start = await first();
    const tokens: string[] = [];
    const dies = driver({
      async doStart(plan) {
        tokens.push(`${plan.command.token} ${plan.command.firstSentAt}`);
        return new Promise(() => {});
      },
    });
    const dead = new AbortController();
    // What a killed process leaves behind: the claim, and nothing after it.
    const context = { store: { ...frozenAfterClaim() }, driver: dies, instance: 'main', clock };
    void executeCommand(context, id, start, { signal: dead.signal }).catch(() => {});
    await clock.advance(10_000);
    await execute(start);
    expect(provider.recordings.size).toBe(0);
    await clock.advance(25_000);
    const taken = driver({
      async doStart(plan, call) {
        tokens.push(`${plan.command.token} ${plan.command.firstSentAt}`);
        return driver().doStart(plan, call);
      },
    });
    await execute(start, taken);
    expect(provider.recordings.size).toBe(1);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens).toHaveLength(2);
  });
});

/** A store as a process sees it that writes once and then is gone. */
function frozenAfterClaim(): SessionStore {
  let saves = 0;
  return Object.assign(Object.create(store) as SessionStore, {
    load: store.load.bind(store),
    findByKey: store.findByKey.bind(store),
    save: (...args: Parameters<SessionStore['save']>) => (saves++ === 0 ? store.save(...args) : new Promise(() => {})),
  });
}

describe('a start whose answer was lost', () => {
  const losing = (capabilities: Partial<Capabilities>, changes: Partial<RecordingDriver> = {}) => {
    let lost = false;
    return driver(
      {
        async doStart(plan, call) {
          const outcome = await driver().doStart(plan, call);
          if (lost) return outcome;
          lost = true;
          throw broken;
        },
        ...changes,
      },
      capabilities,
    );
  };

  test('is sent again with its token', async () => {
    await execute(await first(), losing({ lookup: 'token' }));
    expect(sent('start')).toBe(2);
    expect(provider.recordings.size).toBe(1);
  });

  test('is never sent again where nothing can be looked up, by whichever process', async () => {
    const using = losing({ lookup: 'none' });
    await execute(await first(), using);
    await clock.advance(60_000);
    await execute(await first(), using);
    await execute(await first(), using, false);
    expect(sent('start')).toBe(1);
    expect((await record()).commands[0]).toMatchObject({ answerLost: true });
    expect((await record()).snapshot.state).toBe('starting');
  });

  test('is looked for where there is a list, and sent only if it is not there', async () => {
    const there = losing({ lookup: 'list' }, { doFind: async () => ({ kind: 'accepted', handle: 'found' }) });
    await execute(await first(), there);
    expect(sent('start')).toBe(1);
    expect((await record()).parts[0]?.handle).toBe('found');
  });

  test('is sent again after a look that found nothing', async () => {
    await execute(await first(), losing({ lookup: 'list' }, { doFind: async () => 'absent' }));
    expect(sent('start')).toBe(2);
    expect((await record()).parts[0]?.handle).toBeDefined();
  });

  test('is not refused because nobody may look', async () => {
    const forbidden = async () => {
      throw refusal;
    };
    await execute(await first(), losing({ lookup: 'list' }, { doFind: forbidden }));
    expect(sent('start')).toBe(1);
    expect((await record()).snapshot.state).toBe('starting');
  });

  test('is not refused by the recording that it made itself', async () => {
    const taken = new OnRecordError('conflict', 'This call is being recorded already.', { retry: 'exhausted' });
    const doStart = async () => {
      provider.requests.push('start');
      throw sent('start') === 1 ? broken : taken;
    };
    await execute(await first(), driver({ doStart }));
    expect(sent('start')).toBe(2);
    expect((await record()).snapshot.state).toBe('starting');
  });

  test.each(['unauthenticated', 'permission-denied', 'not-found', 'invalid-state'] as const)(
    'is not refused by what its provider says of it now: %s',
    async (code) => {
      const now = new OnRecordError(code, 'No.', { retry: 'never' });
      const doStart = async () => {
        provider.requests.push('start');
        throw sent('start') === 1 ? broken : now;
      };
      await execute(await first(), driver({ doStart }));
      expect(sent('start')).toBe(2);
      expect((await record()).snapshot.state).toBe('starting');
    },
  );

  test.each(['invalid-request', 'unsupported'] as const)(
    'is refused by what no request like it can do: %s',
    async (code) => {
      const never = new OnRecordError(code, 'No.', { retry: 'never' });
      const doStart = async () => {
        provider.requests.push('start');
        throw sent('start') === 1 ? broken : never;
      };
      await expect(execute(await first(), driver({ doStart }))).rejects.toBe(never);
      expect((await record()).snapshot.state).toBe('failed');
    },
  );

  test('while an untroubled one is: then the recording is somebody else’s', async () => {
    const taken = new OnRecordError('conflict', 'This call is being recorded already.', { retry: 'exhausted' });
    provider.failures.push(taken);
    await expect(execute(await first())).rejects.toBe(taken);
    expect((await record()).snapshot.state).toBe('failed');
  });

  test('by a provider that never answers is one recording all the same', async () => {
    const slow = hanging(driver().doStart);
    let attempts = 0;
    const doStart: RecordingDriver['doStart'] = (...args) =>
      attempts++ === 0 ? slow.work(...args) : driver().doStart(...args);
    const running = execute(await first(), driver({ doStart }));
    await clock.until(running, 30_000);
    expect(attempts).toBe(2);
    expect(provider.recordings.size).toBe(1);
    expect((await record()).parts[0]?.handle).toBeDefined();
  });
});

describe('a stop', () => {
  test('waits for a handle that only an event can bring, and is said to be sent no earlier', async () => {
    provider.failures.push(broken);
    const start = await first();
    await execute(start, driver({}, { lookup: 'none' }));
    const stop = await ask('stop');
    await execute(stop);
    expect(sent('stop')).toBe(0);
    expect((await record()).commands.at(-1)?.firstSentAt).toBeUndefined();
    await clock.advance(70_000);
    await commit(store, id, (before) => timeOutCommand(before, stop, clock.now()));
    provider.recordings.set('h', { correlation: correlationOf(id, 'p1'), capturing: true, ended: false });
    const report = { reportId: 'adopted', subject: { correlation: correlationOf(id, 'p1') } } as const;
    const seen = { handle: 'h', capturing: true };
    const rest = { cause: { unattributed: true }, clock: { domain: 'none' }, via: 'push' } as const;
    await applyReports(store, id, [{ ...report, seen, ...rest, receivedAt: '2026-01-05T09:01:00.000Z' }], clock.now());
    await execute(stop);
    expect(provider.recordings.get('h')?.ended).toBe(true);
  });

  test('of a start that nobody sent ends it before it begins', async () => {
    const stop = await ask('stop');
    await execute(stop);
    await execute(await first());
    expect(provider.requests).toEqual([]);
    expect((await record()).snapshot).toMatchObject({
      state: 'failed',
      endReason: 'never-started',
      verdict: 'none',
      commands: [{ state: 'refused' }, { state: 'confirmed' }],
    });
  });

  test('that a driver cannot address yet is not refused', async () => {
    const start = await first();
    await execute(start, driver({ doStart: async () => ({ kind: 'accepted' }) }));
    const stop = await ask('stop');
    let attempts = 0;
    const doStop: RecordingDriver['doStop'] = async (part) => {
      attempts += 1;
      if (part.handle === undefined) throw new OnRecordError('invalid-state', 'Its id is not known yet.');
      return { kind: 'accepted' };
    };
    const stopping = execute(stop, driver({ doStop }));
    await clock.advance(1_000);
    expect(await stateOf(stop)).toBe('recorded');
    await commit(store, id, (before) => ({
      ...before,
      parts: before.parts.map((part) => ({ ...part, handle: 'h' })),
    }));
    await clock.until(stopping, 30_000);
    expect(attempts).toBeGreaterThan(1);
    expect(await stateOf(stop)).toBe('accepted');
  });

  test('asked for twice at once is one stop', async () => {
    await recording();
    await ask('stop');
    const again = recordCommand(await record(), { kind: 'stop' }, clock.now());
    expect(again.kind).toBe('already');
  });
});

test('a pause is not repeated once something newer was asked for', async () => {
  await recording();
  const pause = await ask('pause');
  provider.failures.push(busy, busy, busy);
  const pausing = execute(pause);
  await clock.advance(300);
  expect(sent('pause')).toBe(2);
  await commit(store, id, (before) => timeOutCommand(before, pause, clock.now()));
  const resume = await ask('resume').catch(() => undefined);
  expect(resume, 'it records already').toBeUndefined();
  await ask('stop');
  await clock.until(pausing, 60_000);
  expect(sent('pause')).toBe(2);
});

test('what was given up is not sent by whoever comes late, but for a stop', async () => {
  await recording();
  const pause = await ask('pause');
  await commit(store, id, (before) => timeOutCommand(before, pause, clock.now()));
  await execute(pause);
  expect(sent('pause')).toBe(0);
  const stop = await ask('stop');
  await commit(store, id, (before) => timeOutCommand(before, stop, clock.now()));
  await execute(stop);
  expect(sent('stop')).toBe(1);
});

test('one attempt is one attempt: the next is left to whoever comes when the provider wants it', async () => {
  await recording();
  const pause = await ask('pause');
  const later = new OnRecordError('rate-limited', 'Slowly.', { retry: 'safe', context: { retryAfterMs: 5_000 } });
  provider.failures.push(later);
  await execute(pause, driver(), false);
  await execute(pause, driver(), false);
  expect(sent('pause')).toBe(1);
  await clock.advance(5_000);
  await execute(pause, driver(), false);
  expect(sent('pause')).toBe(2);
});

test('a store that fails after the provider took it is no reason to send again, nor a refusal', async () => {
  const start = await first();
  const save = store.save.bind(store);
  let failures = 3;
  let saves = 0;
  store.save = async (...args) => {
    if (saves++ > 0 && failures-- > 0) throw new OnRecordError('storage-failed', 'The disk is full.');
    return save(...args);
  };
  await clock.until(execute(start), 30_000);
  expect(sent('start')).toBe(1);
  expect(await stateOf(start)).toBe('accepted');
});

test('a recording whose key another session holds is refused with both sessions named', async () => {
  const other = await store.create({ ...(await record()), id: newSessionId(clock.now()) }, ['provider/main/taken']);
  const doStart = async () => ({ kind: 'accepted', handle: 'h', providerKeys: ['taken'] }) as const;
  await expect(execute(await first(), driver({ doStart }))).rejects.toMatchObject({
    code: 'provider-contract',
    context: { sessionId: id, otherSessionId: other.record.id },
  });
  expect(await stateOf(await first())).toBe('refused');
});
