import { OnRecordError } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { heardIn, wavOf } from '../testing/audio.ts';
import { command, openScene, rejection, speak, stopwatch, toleranceMs, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

const output = (layout: 'mixed' | 'separate' | 'per-participant' | 'incoming' | 'outgoing') =>
  ({ media: 'audio', layout, container: 'wav' }) as const;

describeOnAsterisk('a recording', (server) => {
  test('of a bridge holds everybody, and its file is there at the stop', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const bridge = await scene.bridge(await scene.party(440), await scene.party(1000));
    const part = await scene.start(asteriskBridge(bridge));
    expect(await scene.status(part)).toEqual({ capturing: true });
    await speak(1_000);
    const stopped = await scene.driver.doStop(part, command(2), scene.context);
    const seen = stopped.reports?.[0]?.seen;
    expect(seen).toMatchObject({ capturing: false, ended: true, endReason: 'requested' });
    const [media] = seen?.media ?? [];
    expect(media).toMatchObject({ role: 'master', container: 'wav', channels: 1 });
    expect(media?.tracks).toEqual([{ from: 'everyone', relativeTo: bridge, offsetMs: 0, prompts: 'included' }]);
    const file = await scene.file(`onrecord/${part.correlation}/mixed`);
    expect(file.length).toBe(media?.bytes);
    expect(media?.durationMs).toBe(wavOf(file).ms);
    expect(heardIn(file, [440, 1000])).toContain('440+1000');
  });

  test('of a channel tells both sides apart', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const [one, other] = [await scene.party(440), await scene.party(1000)];
    await scene.bridge(one, other);
    const part = await scene.start(asteriskChannel(one), { output: output('separate') });
    await speak(1_000);
    const { reports } = await scene.driver.doStop(scene.known(part), command(2), scene.context);
    const media = reports?.[0]?.seen.media ?? [];
    expect(media.map(({ role, tracks }) => [role, tracks?.[0]?.from, tracks?.[0]?.participant])).toEqual([
      ['track', 'participant', one],
      ['track', 'everyone-else', undefined],
    ]);
    const heard = async (label: string) => {
      const file = await scene.file(`onrecord/${part.correlation}/${label}`);
      return [...new Set(heardIn(file, [440, 1000]))].filter((tones) => tones !== '-');
    };
    expect([await heard('in'), await heard('out')]).toEqual([['440'], ['1000']]);
    await until(async () => !JSON.stringify((await scene.ari('GET', '/channels')).json).includes(part.correlation));
  });

  test('starts once, however often it is asked for', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const plan = scene.plan(asteriskChannel(await scene.party()), { output: output('separate') });
    const [first, second] = await Promise.all([
      scene.driver.doStart(plan, scene.context),
      scene.driver.doStart(plan, scene.context),
    ]);
    const third = await scene.driver.doStart(plan, scene.context);
    expect([first, second, third].map(({ kind, reports }) => [kind, reports?.[0]?.seen.capturing])).toEqual([
      ['done', true],
      ['done', true],
      ['done', true],
    ]);
    const { json } = await scene.ari('GET', '/channels');
    expect(JSON.stringify(json).split(`${plan.correlation},`)).toHaveLength(3);
  });

  test('is found by a repeated start after its call, and not taken for one that never began', async () => {
    await using scene = openScene(server);
    await scene.listen();
    for (const layout of ['mixed', 'per-participant'] as const) {
      const party = await scene.party();
      const plan = scene.plan(asteriskChannel(party), { output: output(layout) });
      await scene.driver.doStart(plan, scene.context);
      await speak(300);
      await scene.hangUp(party);
      const again = await scene.driver.doStart(plan, scene.context);
      expect(again).toMatchObject({
        kind: 'done',
        reports: [{ seen: { ended: true, endReason: 'call-ended', media: [{}] } }],
      });
    }
  });

  test('leaves a pause out, again and again', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const lasted = stopwatch();
    const part = await scene.start(asteriskChannel(await scene.party()), { output: output('separate') });
    for (const ordinal of [2, 4]) {
      await speak(300);
      const paused = await scene.driver.doPause(part, command(ordinal), scene.context);
      expect(paused).toMatchObject({ kind: 'done', reports: [{ seen: { capturing: false } }] });
      expect(await scene.status(part)).toEqual({ capturing: false });
      await speak(1_000);
      const resumed = await scene.driver.doResume(part, command(ordinal + 1), scene.context);
      expect(resumed).toMatchObject({ kind: 'done', reports: [{ seen: { capturing: true } }] });
    }
    await speak(300);
    await scene.driver.doStop(part, command(6), scene.context);
    for (const label of ['in', 'out']) {
      const { ms } = wavOf(await scene.file(`onrecord/${part.correlation}/${label}`));
      expect(ms).toBeLessThan(lasted() - 2_000 + toleranceMs);
    }
  });

  test('that starts paused has nothing on the server until it is resumed', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const started = await scene.start(asteriskChannel(party), { startPaused: true });
    expect(await scene.status(started)).toEqual({ capturing: false });
    expect((await scene.ari('GET', '/recordings/stored')).json).not.toContainEqual(
      expect.objectContaining({ name: expect.stringContaining(started.correlation) }),
    );
    await speak(1_000);
    const resumed = stopwatch();
    const part = scene.known(started, await scene.driver.doResume(started, command(2), scene.context));
    expect(await scene.status(part)).toEqual({ capturing: true });
    await speak(400);
    await scene.driver.doStop(part, command(3), scene.context);
    const { ms } = wavOf(await scene.file(`onrecord/${part.correlation}/mixed`));
    expect(ms).toBeLessThan(resumed() + toleranceMs);
  });

  test('that starts paused and is never resumed ends with its call, without a file', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const part = await scene.start(asteriskChannel(party), { startPaused: true });
    await scene.hangUp(party);
    expect(await scene.status(part)).toEqual({ capturing: false, ended: true, endReason: 'call-ended' });
  });

  test('that is discarded leaves nothing, whether or not it runs', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const running = await scene.start(asteriskChannel(party));
    const over = await scene.start(asteriskChannel(party));
    await speak(300);
    await scene.driver.doStop(over, command(2), scene.context);
    for (const part of [running, over]) {
      const { reports } = await scene.driver.doDiscard(part, command(3), scene.context);
      expect(reports?.[0]?.seen).toEqual({ capturing: false, ended: true, endReason: 'discarded' });
      const name = encodeURIComponent(`onrecord/${part.correlation}/mixed`);
      expect((await scene.ari('GET', `/recordings/stored/${name}`)).status).toBe(404);
    }
  });

  test('ends with its call, and says so with its file', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const part = await scene.start(asteriskChannel(party));
    await speak(400);
    await scene.hangUp(party);
    const seen = await scene.status(part);
    expect(seen).toMatchObject({ capturing: false, ended: true, endReason: 'call-ended', media: [{ role: 'master' }] });
    const again = await scene.driver.doStop(part, command(2), scene.context);
    expect(again).toMatchObject({ kind: 'done', reports: [{ seen: { ended: true, endReason: 'call-ended' } }] });
  });

  test('of the legs of a bridge ends with the bridge, though they live on', async () => {
    await using scene = openScene(server);
    await scene.listen();
    for (const layout of ['separate', 'per-participant'] as const) {
      const [one, other] = [await scene.party(440), await scene.party(1000)];
      const bridge = await scene.bridge(one, other);
      const part = await scene.start(asteriskBridge(bridge, { reference: one }), { output: output(layout) });
      await speak(300);
      expect(await scene.status(part)).toEqual({ capturing: true });
      await scene.ari('DELETE', `/bridges/${bridge}`);
      // The bridge is let go of some moments after the answer.
      await until(async () => (await scene.status(part)).ended === true);
      const seen = await scene.status(part);
      expect(seen).toMatchObject({ capturing: false, ended: true, endReason: 'call-ended' });
      expect(seen.media).toHaveLength(2);
      expect(await scene.ari('GET', `/channels/${one}`)).toMatchObject({ status: 200 });
    }
  });

  test('as Opus is a file of it', async () => {
    if (server.suite === 'asterisk-16') return;
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    for (const call of [asteriskChannel(party), asteriskBridge(await scene.bridge(party))]) {
      const part = await scene.start(call, { output: { media: 'audio', layout: 'mixed', container: 'ogg' } });
      await speak(600);
      const { reports } = await scene.driver.doStop(part, command(2), scene.context);
      const [media] = reports?.[0]?.seen.media ?? [];
      expect(media).toMatchObject({ container: 'ogg', mediaType: 'audio/ogg', role: 'master' });
      const file = await scene.file(`onrecord/${part.correlation}/mixed`);
      expect(file.length).toBe(media?.bytes);
      expect(file.toString('latin1')).toMatch(/^OggS[\s\S]*OpusHead[\s\S]*OpusTags/);
    }
  });

  test('ends by itself after a silence', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const call = asteriskChannel(await scene.party('silence'));
    const part = await scene.start(call, { providerOptions: { maxSilenceMs: 500 } });
    await until(async () => (await scene.status(part)).ended === true);
    expect((await scene.status(part)).endReason).not.toBe('call-ended');
  });

  test('ends at its limit', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const part = await scene.start(asteriskChannel(await scene.party()), { maxDurationMs: 700 });
    // It counts whole seconds, and looks at them with each packet.
    await until(async () => (await scene.status(part)).ended === true);
    expect(await scene.status(part)).toMatchObject({ ended: true, endReason: 'limit-reached', media: [{}] });
  });
});

describeOnAsterisk('what cannot be recorded', (server) => {
  const attempt = async (scene: ReturnType<typeof openScene>, ...start: Parameters<typeof scene.start>) => {
    const error = await rejection(scene.start(...start));
    const judged = scene.driver.classifyError(error);
    return [judged.code, judged.blame, judged.retry];
  };

  test('is refused with who has to act', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const unknown = asteriskChannel('00000000-0000-4000-8000-000000000000');
    expect(await attempt(scene, unknown)).toEqual(['not-found', 'caller', 'never']);
    expect(await attempt(scene, asteriskBridge('no-such-bridge'))).toEqual(['not-found', 'caller', 'never']);
    const bridge = await scene.bridge();
    expect(await attempt(scene, asteriskBridge(bridge), { output: output('separate') })).toEqual([
      'invalid-request',
      'caller',
      'never',
    ]);
    expect(await attempt(scene, asteriskBridge(bridge), { output: output('per-participant') })).toEqual([
      'not-found',
      'caller',
      'never',
    ]);
  });

  test('without a worker that listens is worth another try, and says so', async () => {
    await using heard = openScene(server);
    await heard.listen();
    await using scene = openScene(server);
    const error = await rejection(scene.start(asteriskChannel(await heard.party())));
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'safe' });
    expect(OnRecordError.wrap(error, scene.driver.classifyError(error), {}).message).toContain('worker');
  });
});
