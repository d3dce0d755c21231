import { type CallNotice, type Clock, OnRecordError, type Parsed, systemClock } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { asterisk } from '../driver.ts';
import { command, openScene, rejection, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk, describeWithOwnAsterisk } from '../testing/server/lane.ts';
import { startAsterisk } from '../testing/server/start-asterisk.ts';

const of = (calls: readonly CallNotice[], key: string) =>
  calls.filter(({ call }) => call.key === key).map(({ type }) => type);
const once = (calls: readonly CallNotice[]) => [...new Map(calls.map((notice) => [notice.noticeId, notice])).values()];

describeOnAsterisk('a listener', (server) => {
  test('hears of channels in its application, and of nobody else', async () => {
    await using other = openScene(server);
    await other.listen();
    await using scene = openScene(server);
    await scene.listen();
    const foreign = await other.party();
    const party = await scene.party();
    await scene.hangUp(party);
    await other.hangUp(foreign);
    await until(() => of(scene.calls, party).includes('call.ended'));
    expect(of(once(scene.calls), party)).toEqual(['call.connected', 'call.ended']);
    expect(of(scene.calls, foreign)).toEqual([]);
    const [connected] = scene.calls.filter(({ call }) => call.key === party);
    expect(connected).toMatchObject({ call: asteriskChannel(party), answered: true });
  });

  test('hears of every channel and bridge of the server where it is told to', async () => {
    await using other = openScene(server);
    await other.listen();
    await using scene = openScene(server, { calls: 'all' });
    await scene.listen();
    const party = await other.party();
    const bridge = await other.bridge(party);
    await other.hangUp(party);
    await other.ari('DELETE', `/bridges/${bridge}`);
    await until(() => of(scene.calls, bridge).includes('call.ended'));
    expect(of(once(scene.calls), party)).toEqual(['call.connected', 'call.ended']);
    expect(of(once(scene.calls), bridge)).toEqual(['call.participant-joined', 'call.participant-left', 'call.ended']);
  });

  test('hears who joins and leaves a call that is recorded, and of none of its own channels', async () => {
    await using other = openScene(server);
    await other.listen();
    await using scene = openScene(server);
    await scene.listen();
    const [one, late] = [await other.party(440), await other.party(1000)];
    const bridge = await other.bridge(one);
    const part = await scene.start(asteriskBridge(bridge), {
      output: { media: 'audio', layout: 'per-participant', container: 'wav' },
    });
    await other.join(bridge, late);
    await until(() => of(scene.calls, bridge).length > 0);
    await other.hangUp(late);
    await until(() => of(scene.calls, bridge).length > 1);
    await scene.driver.doStop(part, command(2), scene.context);
    expect(once(scene.calls).filter(({ call }) => call.key === bridge)).toMatchObject([
      { type: 'call.participant-joined', participant: late },
      { type: 'call.participant-left', participant: late },
    ]);
    expect(scene.calls.filter(({ type }) => type === 'call.connected')).toEqual([]);
  });

  test('brings the beginning and the end of every file, and asks about its part', async () => {
    const heard: Parsed[] = [];
    await using scene = openScene(server);
    const closing = new AbortController();
    const context = { ...scene.context, signal: closing.signal };
    const opened = Promise.withResolvers<void>();
    const listening = scene.driver.doListen(
      {
        opened: opened.resolve,
        emit: async (parsed) => {
          heard.push(parsed);
        },
      },
      context,
    );
    await opened.promise;
    const part = await scene.start(asteriskChannel(await scene.party()));
    await scene.driver.doStop(part, command(2), scene.context);
    await until(() => heard.flatMap(({ ask = [] }) => ask).length === 2);
    expect(heard.flatMap(({ ask = [] }) => ask)).toEqual([part.correlation, part.correlation]);
    const facts = Object.assign({}, ...heard.flatMap(({ reports }) => reports.map(({ seen }) => seen.facts)));
    expect(Object.keys(facts)).toEqual(['started/mixed', 'finished/mixed']);
    closing.abort();
    await listening;
  });

  test('ends with an error when another connection takes its application', async () => {
    await using scene = openScene(server);
    const opened = Promise.withResolvers<void>();
    const listening = scene.driver.doListen({ opened: opened.resolve, emit: async () => {} }, scene.context);
    const ended = rejection(listening);
    await opened.promise;
    await scene.listen();
    const error = await ended;
    expect(OnRecordError.is(error, 'conflict') && error.message).toContain(scene.app);
  });

  test('ends with the error by which an event could not be kept', async () => {
    await using scene = openScene(server);
    const opened = Promise.withResolvers<void>();
    const emit = () => Promise.reject(new Error('the store is full'));
    const ended = rejection(scene.driver.doListen({ opened: opened.resolve, emit }, scene.context));
    await opened.promise;
    await scene.party();
    expect(await ended).toMatchObject({ message: 'the store is full' });
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, 'unauthenticated'],
    ['a user that there is not', { username: 'nobody' }, 'unauthenticated'],
    ['a URL without the prefix', { url: new URL(server.url).origin }, 'provider-contract'],
    ['a port where nothing is', { url: 'http://127.0.0.1:1/ari' }, 'unavailable'],
    ['https where there is none', { url: server.url.replace('http:', 'https:') }, 'unavailable'],
  ])('is refused with %s, and so is a start', async (_name, wrong, code) => {
    await using scene = openScene(server);
    const { url, username, password } = server;
    const driver = asterisk({ url, username, password, app: scene.app, server: server.suite, ...wrong });
    const attempts = [
      () => driver.doListen({ opened: () => {}, emit: async () => {} }, scene.context),
      () => driver.doStart(scene.plan(asteriskChannel('1')), scene.context),
    ];
    for (const attempt of attempts) {
      const judged = driver.classifyError(await rejection(attempt()));
      expect(judged.code).toBe(code);
      expect(judged.remedy).toBeTruthy();
      expect(JSON.stringify(judged)).not.toContain(server.password);
    }
  });
});

describeWithOwnAsterisk('a server that vanishes', (suite) => {
  test('ends the listener, and leaves no command hanging', async () => {
    await using server = await startAsterisk({ suite });
    await using scene = openScene(server);
    const opened = Promise.withResolvers<void>();
    const ended = rejection(scene.driver.doListen({ opened: opened.resolve, emit: async () => {} }, scene.context));
    await opened.promise;
    const part = await scene.start(asteriskChannel(await scene.party()));
    await speak(200);
    await server.kill('SIGKILL');
    expect(scene.driver.classifyError(await ended)).toMatchObject({ code: 'unavailable', retry: 'safe' });
    for (const work of [
      () => scene.driver.doPause(part, command(2), scene.context),
      () => scene.driver.doStop(part, command(3), scene.context),
      () => scene.driver.doStatus(part, { pollId: 'p', asOfOrdinal: 1 }, scene.context),
    ]) {
      const judged = scene.driver.classifyError(await rejection(work()));
      expect(judged).toMatchObject({ code: 'unavailable', retry: 'safe', blame: 'provider' });
    }
    await server.restart();
    expect(await scene.status(part)).toMatchObject({ capturing: false, ended: true });
  });

  test('without a word is found out, because it answers no ping', async () => {
    await using server = await startAsterisk({ suite });
    await using scene = openScene(server);
    // A hundred times as fast as real time: pings are 150 ms apart.
    const clock: Clock = { ...systemClock, delay: (ms, options) => systemClock.delay(ms / 100, options) };
    const opened = Promise.withResolvers<void>();
    const ended = rejection(
      scene.driver.doListen({ opened: opened.resolve, emit: async () => {} }, { ...scene.context, clock }),
    );
    await opened.promise;
    await speak(600);
    await server.kill('SIGSTOP');
    const error = await ended;
    await server.kill('SIGCONT');
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'safe' });
    expect(String(error)).toContain('ping');
  });
});
