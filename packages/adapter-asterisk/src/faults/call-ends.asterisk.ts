import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { placeCall } from '../testing/phones/index.ts';
import { openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';

const separate = { media: 'audio', layout: 'separate', container: 'wav' } as const;

describeOnAsterisk('a hang-up during a pause', (server) => {
  const effects = server.suite === 'asterisk-22' ? (['omitted', 'silence'] as const) : (['omitted'] as const);
  test.each(effects)('(%s) ends the recording with what was captured before', async (pauseEffect) => {
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const begun = performance.now();
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId), pauseEffect });
    await speak(800);
    await session.pause();
    const capturedMs = performance.now() - begun;
    await speak(1_000);
    await call.end();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
    expect(snapshot.pauses).toMatchObject([{ effect: pauseEffect, partId: 'p1' }]);
    const file = await heard(fileOf(snapshot, 'master'), [440]);
    expect(file.msOf('440')).toBeGreaterThan(100);
    expect(file.msOf('440')).toBeLessThan(capturedMs + 100);
    if (pauseEffect === 'omitted') expect(file.ms).toBeLessThan(capturedMs + 100);
    else expect(file.msOf('-')).toBeGreaterThan(500);
    expect(lab.said('warn')).toEqual([]);
  });
});

describeOnAsterisk('who leaves a bridge', (server) => {
  test('ends its recording as the last one, and not before', async () => {
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    call.callee.say(1000);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(600);
    await call.leave(call.caller);
    await speak(600);
    const between = await session.snapshot();
    expect(between).toMatchObject({ state: 'recording', parts: [{ capturing: true }] });
    await call.leave(call.callee);
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
    const file = await heard(fileOf(snapshot, 'master'), [440, 1000]);
    expect(file.msOf('440+1000')).toBeGreaterThan(100);
    expect(file.msOf('1000')).toBeGreaterThan(100);
    expect(lab.said('warn')).toEqual([]);
  });

  test('ends the recordings of a leg with that leg alone', async () => {
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    call.callee.say(1000);
    const leg = await lab.recorder.start({ call: asteriskChannel(call.caller.channelId), output: separate });
    const other = await lab.recorder.start({ call: asteriskChannel(call.callee.channelId), output: separate });
    await speak(600);
    await call.leave(call.caller);
    const snapshot = await lab.settled(leg);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
    expect((await other.snapshot()).state).toBe('recording');
    const own = await heard(
      fileOf(snapshot, 'track', ({ tracks }) => tracks[0]?.from === 'participant'),
      [440, 1000],
    );
    expect(own.tones).toContain('440');
    expect(own.msOf('440+1000') + own.msOf('1000')).toBe(0);
    await other.stop();
    expect(await lab.settled(other)).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present' });
  });
});

describeOnAsterisk('a bridge that is deleted mid-recording', (server) => {
  // Asterisk forgets who listens to a bridge with the bridge: of its recording it tells in some runs, in others not.
  test.each([1, 2, 3])('ends the recording, and the parties stay (%i)', async () => {
    await using lab = await openLab(server);
    await using scene = openScene(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(800);
    expect((await scene.ari('DELETE', `/bridges/${call.bridgeId}`)).status).toBe(204);
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
    expect((await heard(fileOf(snapshot, 'master'), [440])).msOf('440')).toBeGreaterThan(100);
    expect((await scene.ari('GET', `/channels/${call.caller.channelId}`)).status).toBe(200);
  });
});

describeOnAsterisk('commands around the end', (server) => {
  test('a stop after the hang-up is done, and so is a second one', async () => {
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(500);
    // The stop is under way before the recorder has heard of the hang-up.
    await Promise.all([call.end(), session.stop()]);
    await session.stop();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect(['requested', 'call-ended']).toContain(snapshot.endReason);
    await session.stop();
    await until(() => lab.events.filter((name) => name === 'artifact.stored').length === 2);
    expect(lab.events.filter((name) => name === 'recording.completed')).toHaveLength(1);
    expect(lab.said('warn')).toEqual([]);
  });

  test('two stops at once end one recording once', async () => {
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(400);
    const again = await lab.recorder.attach(session.id);
    await Promise.all([session.stop(), again.stop()]);
    expect(await lab.settled(session)).toMatchObject({ state: 'completed', endReason: 'requested', anomalies: [] });
  });

  test.each(['running', 'paused'] as const)(
    'a discard of one that is %s leaves nothing, whatever the server tells after it',
    async (how) => {
      await using lab = await openLab(server);
      await using scene = openScene(server);
      await using call = await placeCall(server);
      call.caller.say(440);
      const session = await lab.recorder.start({ call: asteriskChannel(call.caller.channelId), output: separate });
      await speak(400);
      if (how === 'paused') await session.pause();
      await session.discard();
      const finished = () =>
        lab.store
          .load(session.id)
          .then((record) => JSON.stringify(record?.reports).match(/finished\/(in|out)/g)?.length === 2);
      await until(finished);
      const snapshot = await lab.settled(session);
      expect(snapshot).toMatchObject({ state: 'completed', endReason: 'discarded', verdict: 'none', anomalies: [] });
      expect(snapshot.artifacts.filter(({ role }) => role !== 'manifest')).toEqual([]);
      expect(JSON.stringify((await scene.ari('GET', '/recordings/stored')).json)).not.toContain(session.id);
      await until(async () => !JSON.stringify((await scene.ari('GET', '/channels')).json).includes(session.id));
      expect(lab.said('warn')).toEqual([]);
    },
  );
});
