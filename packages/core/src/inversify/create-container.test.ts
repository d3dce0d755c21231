import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { defineFlow } from '../flow/flow.ts';
import type { JsonObject } from '../json.ts';
import { HostingProvider, hostingDriver } from '../worker/testing/hosting-driver.ts';
import { SocketProvider, socketDriver } from '../worker/testing/socket-driver.ts';
import { createContainer } from './create-container.ts';
import { definePlugin } from './define-plugin.ts';
import { OnRecordToken, RecordingDriverToken } from './tokens.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

const key = Buffer.from('an access key').toString('base64');
const connectionString = `endpoint=https://example.communication.azure.com/;accesskey=${key}`;

async function refusal(config: string | JsonObject, environment: Record<string, string> = {}): Promise<OnRecordError> {
  try {
    await createContainer(config, { folder, environment });
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request')) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

test('one error lists every problem with its path, and shows no secret', async () => {
  const error = await refusal({
    deployment: '',
    providers: {
      main: { type: 'azure', conectionString: connectionString },
      other: { type: 'chime-meeting', region: 'us-east-1', bucket: 'Not A Bucket' },
      third: { type: 'twilio' },
      fourth: { type: 'azure', connectionString: '${env:MISSING}' },
    },
    archive: { type: 'filesystem' },
    archiv: {},
  });
  expect(error.context['paths']).toEqual(expect.arrayContaining(['providers.fourth.connectionString', 'deployment']));
  expect(error.message).toContain('archiv');
  expect(error.message).toContain('the environment variable MISSING is not set');
  expect(error.message).not.toContain(key);
});

test('options of providers and stores are checked by their own packages', async () => {
  const error = await refusal({
    use: 'main',
    providers: {
      main: { type: 'azure', conectionString: connectionString },
      other: { type: 'chime-meeting', region: 'us-east-1', bucket: 'Not A Bucket' },
      third: { type: 'twilio' },
      desk: { type: 'chime-insights', region: 'eu-west-1', accountId: '111122223333', bucket: 'recordings' },
    },
    archive: { type: 'filesystem', pfad: 'recordings' },
    store: { type: 'sqlite', file: 'x' },
  });
  const paths = error.context['paths'] as readonly string[];
  expect(paths).toEqual(
    expect.arrayContaining([
      'providers.main.conectionString',
      'providers.other.bucket',
      'providers.desk.region',
      'providers.desk.configuration',
      'store.path',
    ]),
  );
  expect(error.message).toContain('did you mean connectionString?');
  expect(error.message).toContain('There is no provider type "twilio"; known are azure, chime-sma, chime-meeting');
  expect(error.message).not.toContain(key);
});

test('what is wrong with one member hides nothing that is wrong with another, and nothing is told twice', async () => {
  const error = await refusal({
    archiv: {},
    providers: {
      main: { type: 'azure', conectionString: connectionString },
      other: { type: 'chime-meeting', region: 'us-east-1', bucket: '${env:BUCKET}' },
      third: 'azure',
    },
    store: { type: 'sqlite' },
  });
  expect([...(error.context['paths'] as readonly string[])].sort()).toEqual([
    '(root)',
    'providers.main.conectionString',
    'providers.main.connectionString',
    'providers.other.bucket',
    'providers.third',
    'store.path',
    'use',
  ]);
});

test('the storage beneath a session store is checked by its own package', async () => {
  const error = await refusal({
    use: 'main',
    providers: { main: { type: 'azure', connectionString } },
    store: { type: 'object', storage: { type: 's3', bukket: 'sessions' }, prefx: 'a/' },
  });
  const paths = error.context['paths'] as readonly string[];
  expect(paths).toEqual(expect.arrayContaining(['store.prefx', 'store.storage.bukket']));
});

test('a member that is missing or misspelt is said in words of the configuration', async () => {
  const { message } = await refusal({ providrs: {}, use: 'main' });
  expect(message).toContain('providers: Missing.');
  expect(message).toContain(
    'There is no "providrs"; there are deployment, publicUrl, use, providers, store, archive, deadlines.',
  );
});

test('a provider in use that is not there is told beside other problems', async () => {
  const { message } = await refusal({ use: 'mian', providers: { main: { type: 'azure' } }, stroe: {} });
  expect(message).toContain('use: There is no provider "mian"; known are main.');
});

test.each([
  ['no provider', { providers: {} }, 'No provider is configured'],
  [
    'several providers and none in use',
    { providers: { a: { type: 'azure', connectionString }, b: { type: 'azure', connectionString } } },
    'say which one starts calls: a, b',
  ],
  ['a name that is not there', { use: 'c', providers: { a: { type: 'azure', connectionString } } }, 'no provider "c"'],
  [
    'a draining provider in use',
    { use: 'a', providers: { a: { type: 'azure', connectionString, drain: true } } },
    'is draining',
  ],
] as const)('%s is refused', async (_, config, message) => {
  expect((await refusal(config as JsonObject)).message).toContain(message);
});

test.each([
  ['onrecord.config.json', (config: object) => JSON.stringify(config)],
  ['onrecord.config.yaml', (config: object) => JSON.stringify(config)],
  ['onrecord.config.ts', (config: object) => `export default ${JSON.stringify(config)} satisfies object;`],
])('%s is read, with ${env:…} and ${file:…} filled in', async (name, write) => {
  await writeFile(join(folder, 'key.txt'), `${key}\n`);
  const file = join(folder, name);
  await writeFile(
    file,
    write({
      providers: {
        main: { type: 'azure', connectionString: 'endpoint=${env:ENDPOINT};accesskey=${file:key.txt}' },
      },
      archive: { type: 'memory' },
    }),
  );
  const container = await createContainer(file, {
    environment: { ENDPOINT: 'https://example.communication.azure.com' },
  });
  const { recorder, instances } = await container.getAsync(OnRecordToken);
  expect(instances).toEqual(['main']);
  expect(recorder.instance).toBe('main');
  expect(recorder.capabilities.hostedForMs).toBe(24 * 3_600_000);
  await container.unbindAllAsync();
});

test.each([
  ['onrecord.config.json', '{ "providers": '],
  ['onrecord.config.yaml', 'providers: [unclosed'],
  ['onrecord.config.txt', ''],
  ['onrecord.config.json', '[]'],
])('a file that cannot be read (%s) names itself', async (name, text) => {
  const file = join(folder, name);
  await writeFile(file, text);
  expect((await refusal(file)).message).toContain(file);
});

test('a package of your own is a provider like any other, and require() lists what it lacks', async () => {
  const provider = new HostingProvider();
  const plugins = [
    definePlugin({
      kind: 'provider',
      type: 'acme',
      create: (_, { clock }) => hostingDriver(provider, () => clock.now()),
    }),
  ];
  const container = await createContainer({ providers: { main: { type: 'acme' } } }, { plugins });
  const { recorder } = await container.getAsync(OnRecordToken);
  expect(container.get(RecordingDriverToken, { name: 'main' }).type).toBe('hosting');
  expect(() =>
    recorder.require({
      outputs: [{ media: 'audio', layout: 'separate', container: 'wav' }],
      announce: 'required',
      discard: 'required',
    }),
  ).toThrow(/audio\/separate\/wav[\s\S]*announce[\s\S]*discard/);
  await container.unbindAllAsync();
});

test('publicUrl is what providers signed, whatever Host a request names', async () => {
  const urls: (string | undefined)[] = [];
  const plugins = [
    definePlugin({
      kind: 'provider',
      type: 'acme',
      create: (_, { clock }) => ({
        ...hostingDriver(new HostingProvider(), () => clock.now()),
        async parse({ url }: { readonly url?: string | undefined }) {
          urls.push(url);
          return { reports: [], calls: [], unhandled: 0 };
        },
      }),
    }),
  ];
  const config = { publicUrl: 'https://voice.example.com/hooks', providers: { main: { type: 'acme' } } };
  const container = await createContainer(config, { plugins });
  const { recorder } = await container.getAsync(OnRecordToken);
  const { status } = await recorder.ingest(new Request('http://127.0.0.1:8080/main?k=1', { method: 'POST' }));
  expect(status).toBe(200);
  expect(urls).toEqual(['https://voice.example.com/hooks/main?k=1']);
  await container.unbindAllAsync();

  const error = await refusal({ ...config, publicUrl: 'voice.example.com' });
  expect(error.context['paths']).toContain('publicUrl');
});

test('why a webhook was refused is in the log, and not in the answer', async () => {
  const lines: object[] = [];
  const nothing = () => {};
  const logger = {
    debug: nothing,
    info: nothing,
    warn: (fields: object, message: string) => lines.push({ ...fields, message }),
    error: nothing,
  };
  const plugins = [
    definePlugin({
      kind: 'provider',
      type: 'acme',
      create: (_, { clock }) => ({
        ...hostingDriver(new HostingProvider(), () => clock.now()),
        async parse(): Promise<never> {
          throw new OnRecordError('invalid-request', 'It came without its public URL.');
        },
        classifyError: (error: unknown) => ({
          code: OnRecordError.is(error) ? error.code : ('unavailable' as const),
          retry: 'never' as const,
          blame: 'caller' as const,
        }),
      }),
    }),
  ];
  const container = await createContainer({ providers: { main: { type: 'acme' } } }, { plugins, logger });
  const { recorder } = await container.getAsync(OnRecordToken);
  const answer = await recorder.ingest(new Request('http://127.0.0.1/', { method: 'POST' }));
  expect([answer.status, await answer.text()]).toEqual([400, '']);
  expect(lines).toContainEqual(
    expect.objectContaining({
      message: 'ingest: a webhook was refused',
      instance: 'main',
      status: 400,
      code: 'invalid-request',
      reason: expect.stringContaining('without its public URL'),
    }),
  );
  await container.unbindAllAsync();
});

test('its worker brings notices and events to the flow that the recorder of the same process serves', async () => {
  const clock = new VirtualClock();
  const provider = new SocketProvider();
  const plugins = [
    definePlugin({ kind: 'provider', type: 'socket', create: () => socketDriver(provider, () => clock.now()) }),
  ];
  const config = { providers: { main: { type: 'socket' } } };
  const container = await createContainer(config, { plugins, clock, worker: false });
  const { recorder, worker, close } = await container.getAsync(OnRecordToken);
  const heard: string[] = [];
  recorder.serve(
    defineFlow(
      {},
      {
        onCall(notice, turn) {
          heard.push(notice.noticeId);
          turn.start({ consent: { basis: 'application', noticeId: 'greeting' } });
        },
        onRecording: ({ type }) => void heard.push(type),
      },
    ),
  );
  await clock.advance(1_000);
  expect(provider.attempts).toEqual([]);
  const stop = new AbortController();
  const running = worker.run({ signal: stop.signal });
  await clock.advance(1_000);
  await provider.send({ calls: [provider.joined('anna')] });
  await clock.advance(5_000);
  expect(heard).toContain('joined/anna');
  expect(heard).toContain('dev.onrecord.recording.started.v1');
  stop.abort();
  await clock.until(running);
  await close();
  clock[Symbol.dispose]();
});

test('what a configuration lacks to learn of recordings is said at the start', async () => {
  const warned: string[] = [];
  const none = () => {};
  const logger = { debug: none, info: none, warn: (_: object, text: string) => warned.push(text), error: none };
  const container = await createContainer({ providers: { main: { type: 'azure', connectionString } } }, { logger });
  const { recorder } = await container.getAsync(OnRecordToken);
  expect(warned.join()).toContain('eventGrid');
  expect(recorder.report().warnings.map((text) => `recorder: ${text}`)).toEqual(warned);
  await container.unbindAllAsync();
});

test('deadlines of commands are set by the configuration', async () => {
  const providers = { main: { type: 'azure', connectionString } };
  const { message } = await refusal({ providers, deadlines: { start: 20, halt: 1 } });
  expect(message).toContain('deadlines.start');
  expect(message).toContain('There is no "halt"; there are start, pause, resume, stop, discard.');

  const clock = new VirtualClock();
  const own = definePlugin({
    kind: 'provider',
    type: 'deaf',
    create: () => ({
      ...hostingDriver(new HostingProvider(), () => clock.now()),
      doStart: async () => ({ kind: 'accepted' as const }),
    }),
    check: () => [],
  });
  const config = { providers: { main: { type: 'deaf' } }, deadlines: { start: 5_000 } };
  const container = await createContainer(config, { clock, plugins: [own] });
  const { recorder } = await container.getAsync(OnRecordToken);
  const call = { kind: recorder.capabilities.calls[0]!, provider: 'main', key: 'c', data: {} };
  const consent = { basis: 'application', noticeId: 'n' } as const;
  const began = clock.now();
  await expect(clock.until(recorder.start({ call, consent }))).rejects.toMatchObject({ code: 'timeout' });
  expect(clock.now() - began).toBeLessThan(6_000);
  await container.unbindAllAsync();
});
