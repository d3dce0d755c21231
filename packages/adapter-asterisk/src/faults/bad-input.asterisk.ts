import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type AsteriskCallRef, asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { asterisk } from '../driver.ts';
import { openScene, rejection, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';
import { type FaultLab, openLab } from './testing/fault-lab.ts';
import { openStrangeServer, type Strangeness } from './testing/strange-server.ts';

const nobody = asteriskChannel('00000000-0000-4000-8000-000000000000');

/** The start is refused at once, nothing of it stays open, and log and record say why. */
async function refused(lab: FaultLab, call: AsteriskCallRef = nobody): Promise<Error & { readonly code?: string }> {
  const error = await lab.rejection(lab.recorder.start({ call }));
  const [id = ''] = await lab.store.list();
  const { snapshot } = await lab.until(id, ({ state }) => state === 'failed');
  expect(snapshot.commands).toMatchObject([{ state: 'refused', error: { code: error.code, message: error.message } }]);
  await until(() => lab.events.includes('recording.failed'));
  await expect.poll(() => lab.said('warn')).toContain('warn recording: a command was refused');
  return error;
}

describeOnAsterisk('a configuration that is wrong', (server) => {
  const at = (path: string) => `${new URL(server.url).origin}${path}`;
  const caller = { blame: 'caller', retry: 'never' } as const;

  test.each([
    ['another password', { password: 'not-the-password' }, { code: 'unauthenticated', ...caller }, /ari\.conf/],
    ['another user', { username: 'stranger' }, { code: 'unauthenticated', ...caller }, /ari\.conf/],
    ['a URL without its prefix', { url: at('') }, { code: 'provider-contract', ...caller }, /\/ari/],
    ['a URL with another prefix', { url: at('/asterisk') }, { code: 'provider-contract', ...caller }, /\/ari/],
    [
      'TLS on a plain port',
      { url: server.url.replace('http:', 'https:') },
      { code: 'unavailable', ...caller },
      /scheme/,
    ],
    [
      'a port that no request may go to',
      { url: 'http://127.0.0.1:6000/ari' },
      { code: 'unavailable', ...caller },
      /8088/,
    ],
  ])('(%s) is refused with what to mend', async (_what, wrong, expected, remedy) => {
    await using lab = await openLab(server, { driver: wrong });
    const error = await refused(lab);
    expect(error).toMatchObject(expected);
    expect(error.message).toMatch(remedy);
    await expect.poll(() => lab.said('error').some((line) => /refuses the connection|it failed/.test(line))).toBe(true);
  });

  test('(a server that does not run) is tried until the deadline, and told then', async () => {
    await using lab = await openLab(server, {
      driver: { url: 'http://127.0.0.1:1024/ari' },
      deadlines: { start: 4_000 },
    });
    const error = await lab.rejection(lab.recorder.start({ call: nobody }));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(error.message).toContain('that Asterisk runs');
  });

  test('(a name of an application, a folder, an URL with a password) is refused before anything is sent', () => {
    const { username, password } = server;
    const wrong = {
      url: `http://${username}:${password}@127.0.0.1:1/ari`,
      username,
      password,
      app: 'a,b',
      folder: '../x',
    };
    const error = (() => {
      try {
        return asterisk(wrong);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'invalid-request' });
    const text = JSON.stringify([error, String(error), (error as Error).stack]);
    for (const path of ['url', 'app', 'folder']) expect(text).toContain(`- ${path}`);
    expect(text).not.toContain(password);
  });

  test('(another generation) is refused with the right one', async (context) => {
    context.skip(server.suite !== 'asterisk-16', 'an Asterisk 22 can do all that is declared of 16');
    await using lab = await openLab(server, { driver: { server: 'asterisk-22' } });
    const error = await refused(lab);
    expect(error).toMatchObject({ code: 'invalid-request', ...caller });
    expect(error.message).toContain("server: 'asterisk-16'");
  });
});

describeOnAsterisk('something else than an Asterisk', (server) => {
  const elsewhere = 'http://127.0.0.1:1/';
  const strange: readonly (readonly [string, Strangeness, object])[] = [
    ['a page of a proxy that says 200', { status: 200, html: '<html>Welcome</html>' }, { code: 'provider-contract' }],
    [
      'a page that says 404',
      { status: 404, html: '<html>Not here</html>' },
      { code: 'provider-contract', retry: 'never' },
    ],
    ['a page that says 403', { status: 403, html: '<html>No</html>' }, { code: 'permission-denied', retry: 'never' }],
    ['a redirect', { redirect: elsewhere }, { code: 'provider-contract', retry: 'never' }],
    ['JSON of another service', { json: { ok: true } }, { code: 'provider-contract', retry: 'never' }],
  ];
  test.each(strange)('(%s) is refused, and credentials go nowhere else', async (_what, how, expected) => {
    await using other = await openStrangeServer(how);
    await using lab = await openLab({ ...server, url: other.url }, { deadlines: { start: 20_000 } });
    const error = await refused(lab);
    expect(error).toMatchObject(expected);
    expect(error.message).not.toContain('<html>');
  });

  const unsteady: readonly (readonly [string, Strangeness, RegExp])[] = [
    ['a page of a proxy that says 502', { status: 502, html: '<html>Bad gateway</html>' }, /502/],
    ['nothing at all', 'silence', /did not answer|within/],
  ];
  test.each(unsteady)('(%s) is tried until the deadline, and told then', async (_what, how, told) => {
    await using other = await openStrangeServer(how);
    const options = { deadlines: { start: 4_000 }, intervals: { requestMs: 400 } };
    await using lab = await openLab({ ...server, url: other.url }, options);
    const error = await lab.rejection(lab.recorder.start({ call: nobody }));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(error.message).toMatch(told);
    expect(lab.said('warn').length).toBeGreaterThan(0);
  });
});

describeOnAsterisk('a request that is wrong', (server) => {
  test('(an unknown channel, an unknown bridge) is refused, and told whose fault it is', async () => {
    for (const call of [nobody, asteriskBridge(randomUUID())]) {
      await using lab = await openLab(server);
      expect(await refused(lab, call)).toMatchObject({ code: 'not-found', blame: 'caller', retry: 'never' });
    }
  });

  test('(a format that there is not) is refused before any request', async () => {
    await using lab = await openLab(server);
    const call = asteriskBridge(randomUUID());
    const mp3 = { media: 'audio', layout: 'mixed', container: 'mp3' };
    const error = await lab.rejection(lab.recorder.start({ call, output: mp3 as never }));
    expect(error).toMatchObject({ code: 'unsupported', blame: 'caller', retry: 'never' });
    expect(await lab.store.list()).toEqual([]);
  });

  test('(options that there are not) is refused with every problem', async () => {
    await using lab = await openLab(server);
    const providerOptions = { terminateOn: '7', sampleRateHz: 44_100, maxSilence: 3 };
    const wrong = await lab.rejection(lab.recorder.start({ call: asteriskBridge('1'), providerOptions }));
    expect(wrong).toMatchObject({ code: 'invalid-request', blame: 'caller', retry: 'never' });
    for (const name of ['terminateOn', 'sampleRateHz', 'maxSilence']) expect(wrong.message).toContain(name);
  });

  test('(a name that exists) is taken for the recording that it names, which is over, and not written over', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const bridge = await scene.bridge(await scene.party(), await scene.party(1000));
    const plan = scene.plan(asteriskBridge(bridge));
    const name = `onrecord/${plan.correlation}/mixed`;
    await scene.ari('POST', `/bridges/${bridge}/record`, { name, format: 'wav' });
    await speak(500);
    await scene.ari('POST', `/recordings/live/${encodeURIComponent(name)}/stop`);
    const before = await scene.file(name);
    const outcome = await scene.driver.doStart(plan, scene.context);
    expect(outcome.reports?.[0]?.seen).toMatchObject({
      capturing: false,
      ended: true,
      media: [{ bytes: before.length }],
    });
    expect((await scene.file(name)).equals(before)).toBe(true);
  });

  test('(a recording that is not ours) is neither opened nor deleted', async () => {
    await using scene = openScene(server);
    const artifact = (source: string) =>
      ({
        id: 'a',
        mediaKey: source,
        partId: 'p1',
        role: 'master',
        state: 'available',
        location: source,
        source,
        tracks: [],
      }) as const;
    for (const source of [
      `${server.url}/recordings/stored/payroll/file`,
      'http://127.0.0.1:1/ari/recordings/stored/x/file',
    ]) {
      const error = await rejection(scene.driver.doDeleteArtifact(artifact(source), {}, scene.context));
      expect(scene.driver.classifyError(error)).toMatchObject({ code: 'unsupported', retry: 'never' });
      const opening = await rejection(scene.driver.doOpenArtifact(artifact(source), {}, scene.context));
      expect(scene.driver.classifyError(opening)).toMatchObject({ code: 'unsupported', retry: 'never' });
    }
  });
});
