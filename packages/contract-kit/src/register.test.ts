import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { always, type Case, type Suite } from './case.ts';
import { type ConformanceRecord, conformanceTable, reportTo } from './conformance.ts';
import { type RegisterOptions, registerSuite, type TestRunner } from './register.ts';

interface Facts {
  readonly pause: boolean;
}

const good: Case<object, Facts> = { id: 'X-GOOD-001', rule: 'It works.', appliesTo: always, async run() {} };
const bad: Case<object, Facts> = {
  id: 'X-BAD-001',
  rule: 'It never breaks.',
  appliesTo: always,
  async run() {
    throw new Error('it broke');
  },
};
const conditional: Case<object, Facts> = {
  id: 'X-PAUSE-001',
  rule: 'It pauses.',
  appliesTo: ({ pause }) => (pause ? 'yes' : { not: 'cannot pause' }),
  async run() {},
};

/** A runner that runs at once and keeps what it saw. */
async function runWith(
  suite: Suite<object, Facts>,
  only: (name: string) => boolean = () => true,
  options?: RegisterOptions,
) {
  const tests: { readonly name: string; readonly body: Parameters<TestRunner['test']>[1] }[] = [];
  const ends: (() => Promise<void>)[] = [];
  const reports: ConformanceRecord[] = [];
  let closed = 0;
  const runner: TestRunner = {
    describe: (_, body) => body(),
    test: (name, body) => tests.push({ name, body }),
    afterAll: (body) => ends.push(body),
  };
  const open = async () => ({ close: async () => void closed++ });
  registerSuite(
    runner,
    suite,
    { name: 'fake', facts: { pause: false }, open },
    options ?? { report: (r) => void reports.push(r) },
  );
  const outcomes: Record<string, string> = {};
  for (const { name, body } of tests.filter((each) => only(each.name))) {
    outcomes[name] = 'passed';
    const skip = (reason?: string) => {
      outcomes[name] = `skipped: ${reason}`;
    };
    await body({ skip }).catch((error: Error) => {
      outcomes[name] = error.message;
    });
  }
  for (const end of ends) await end();
  return { outcomes, reports, closed };
}

const suite: Suite<object, Facts> = {
  name: 'x',
  version: 'v1',
  cases: [good, bad, conditional],
  remarks: ({ pause }) => ({ unproven: pause ? [] : ['audio/mixed/mp3'], emulated: ['announce'] }),
};

describe('registering a suite', () => {
  test('a failure names case, rule and subject; a skip is no pass and says why; every harness is closed', async () => {
    const { outcomes, closed } = await runWith(suite);
    expect(outcomes).toEqual({
      'X-GOOD-001 It works.': 'passed',
      'X-BAD-001 It never breaks.': 'X-BAD-001: It never breaks.\nfake broke it: it broke',
      'X-PAUSE-001 not applicable (cannot pause): It pauses.': 'skipped: cannot pause',
    });
    expect(closed).toBe(2);
  });

  test('the record tells passed, failed and not applicable apart, and its table says why', async () => {
    const { reports } = await runWith(suite);
    expect(reports).toMatchObject([
      {
        suite: 'x',
        subject: 'fake',
        unproven: ['audio/mixed/mp3'],
        emulated: ['announce'],
        cases: [
          { id: 'X-GOOD-001', result: 'passed' },
          { id: 'X-BAD-001', result: 'failed' },
          { id: 'X-PAUSE-001', result: 'not-applicable', reason: 'cannot pause' },
        ],
      },
    ]);
    const table = conformanceTable(reports);
    expect(table).toContain('| X-BAD-001 | It never breaks. | **no** |');
    expect(table).toContain('| X-PAUSE-001 | It pauses. | – |');
    expect(table).toContain('- X-PAUSE-001, fake: cannot pause');
    expect(table).toContain('- fake: audio/mixed/mp3');
    expect(table).toContain('- fake: announce');
  });

  test('a filtered run reports nothing', async () => {
    expect((await runWith(suite, (name) => name.includes('GOOD'))).reports).toEqual([]);
  });

  test('the environment may say where every record goes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'onrecord-kit-'));
    vi.stubEnv('ONRECORD_CONFORMANCE', folder);
    try {
      await runWith(suite, undefined, {});
      expect(JSON.parse(readFileSync(join(folder, 'x.fake.json'), 'utf8'))).toMatchObject({ subject: 'fake' });
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    }
  });

  test('the same run writes the same bytes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'onrecord-kit-'));
    try {
      const [record] = (await runWith(suite)).reports;
      await reportTo(folder)(record!);
      const first = readFileSync(join(folder, 'x.fake.json'));
      await reportTo(folder)((await runWith(suite)).reports[0]!);
      expect(readFileSync(join(folder, 'x.fake.json'))).toEqual(first);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('cases that run at once', () => {
  const subject = { name: 'fake', facts: { pause: true }, open: async () => ({ close: async () => {} }) };

  test('are all under way before the first has ended, and are all recorded', async () => {
    const running: Promise<unknown>[] = [];
    const reports: ConformanceRecord[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started = 0;
    const waits = (id: string): Case<object, Facts> => ({
      id,
      rule: 'It waits.',
      appliesTo: always,
      async run() {
        started += 1;
        await released;
      },
    });
    const concurrent: TestRunner['test'] = (_, body) => running.push(body({ skip() {} }));
    const ends: (() => Promise<void>)[] = [];
    const runner: TestRunner = {
      describe: (_, body) => body(),
      test: Object.assign(() => expect.unreachable(), { concurrent }),
      afterAll: (body) => ends.push(body),
    };
    const many = { name: 'x', version: 'v1', cases: ['X-1', 'X-2', 'X-3'].map(waits) };
    registerSuite(runner, many, subject, { concurrent: true, report: (record) => void reports.push(record) });
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toBe(3);
    release();
    await Promise.all(running);
    for (const end of ends) await end();
    expect(reports[0]?.cases.map(({ id, result }) => [id, result])).toEqual(
      ['X-1', 'X-2', 'X-3'].map((id) => [id, 'passed']),
    );
  });

  test('need a runner that can', () => {
    const runner: TestRunner = { describe: (_, body) => body(), test: () => {} };
    expect(() => registerSuite(runner, suite, subject, { concurrent: true })).toThrow('no test.concurrent');
  });
});

test('node:test runs a suite too, and shows the reason of a skip', () => {
  const script = `
    import { after, describe, test } from 'node:test';
    import { memorySessionStore } from '@onrecord/core';
    import { registerSuite, sessionStoreSuite } from '@onrecord/contract-kit';
    const cases = sessionStoreSuite.cases.filter(({ id }) => id === 'STORE-CREATE-001' || id === 'STORE-CRASH-001');
    registerSuite({ describe, test, afterAll: after }, { ...sessionStoreSuite, cases }, {
      name: 'memory',
      facts: { durable: false, shared: false },
      async open() {
        const store = memorySessionStore();
        return { open: async () => store, close: () => store.close() };
      },
    });`;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const args = ['--conditions=@onrecord/source', '--test-reporter=tap', '--input-type=module', '--eval', script];
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  expect(run.stdout).toMatch(/^ *ok 1 - STORE-CREATE-001 /m);
  expect(run.stdout).toMatch(/^ *ok 2 - STORE-CRASH-001 not applicable .* # SKIP the store lives in the memory/m);
});
