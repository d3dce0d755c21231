import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { placeCall } from '../testing/phones/index.ts';
import { speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';
import { openCutProxy } from './testing/cut-proxy.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';

describeOnAsterisk('the connection for events drops mid-recording', (server) => {
  test('and nothing of the recording is lost: it goes on, and the worker listens again', async () => {
    await using line = await openCutProxy(server.url);
    await using lab = await openLab({ ...server, url: line.url });
    await using call = await placeCall(server);
    call.caller.say(440);
    call.callee.say(1000);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(500);
    line.cutEvents();
    await speak(500);
    expect((await session.snapshot()).parts[0]?.capturing).toBe(true);
    line.mend();
    await until(() => line.events === 1);
    await speak(500);
    await session.stop();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
    const file = await heard(fileOf(snapshot, 'master'), [440, 1000]);
    expect(file.integrity).toBe('complete');
    // It covers the gap as well.
    expect(file.ms).toBeGreaterThan(1_200);
    expect(file.msOf('440+1000')).toBeGreaterThan(300);
    const told = lab.log.filter(({ message }) => /listening|connection for the events/.test(message));
    expect(told.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info worker: listening to a provider',
      'warn worker: the connection for the events of a provider broke, to be made again',
      'info worker: listening to a provider',
    ]);
    expect(told[1]?.fields).toMatchObject({ instance: 'asterisk', err: { code: 'unavailable', retry: 'safe' } });
    expect(told[2]?.fields).toMatchObject({ outageMs: expect.any(Number) });
  });

  test('and everybody hangs up meanwhile: that is found out once it is there again, not by the clock', async () => {
    await using line = await openCutProxy(server.url);
    await using lab = await openLab({ ...server, url: line.url });
    await using call = await placeCall(server);
    call.caller.say(440);
    const [bridged, leg] = await Promise.all([
      lab.recorder.start({ call: asteriskBridge(call.bridgeId) }),
      lab.recorder.start({
        call: asteriskChannel(call.caller.channelId),
        output: { media: 'audio', layout: 'separate', container: 'wav' },
      }),
    ]);
    await speak(600);
    line.cutEvents();
    await call.end();
    await speak(300);
    for (const session of [bridged, leg]) expect((await session.snapshot()).state).toBe('recording');
    line.mend();
    for (const session of [bridged, leg]) {
      const snapshot = await lab.settled(session);
      expect(snapshot).toMatchObject({
        state: 'completed',
        endReason: 'call-ended',
        verdict: 'present',
        anomalies: [],
      });
    }
    const mixed = await heard(fileOf(await bridged.snapshot(), 'master'), [440, 1000]);
    expect(mixed.msOf('440')).toBeGreaterThan(100);
  });

  test('and a start meanwhile waits for it, where it would record nothing without', async () => {
    await using line = await openCutProxy(server.url);
    await using lab = await openLab({ ...server, url: line.url });
    await using call = await placeCall(server);
    call.caller.say(440);
    await lab.recorder.listen();
    line.cutEvents();
    await until(() => line.events === 0);
    const starting = lab.recorder.start({ call: asteriskChannel(call.caller.channelId) });
    // No listener is needed for a bridge.
    const bridged = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    line.mend();
    const sessions = [await starting, bridged];
    await speak(500);
    for (const session of sessions) {
      await session.stop();
      expect(await lab.settled(session)).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    }
  });

  test('and does not come back: a start that needs it says by its deadline what is missing', async () => {
    await using line = await openCutProxy(server.url);
    await using lab = await openLab({ ...server, url: line.url }, { deadlines: { start: 5_000 } });
    await using call = await placeCall(server);
    await lab.recorder.listen();
    line.cutEvents();
    await until(() => line.events === 0);
    const error = await lab.rejection(lab.recorder.start({ call: asteriskChannel(call.caller.channelId) }));
    expect(error).toMatchObject({ code: 'timeout', retry: 'safe' });
    expect(error.message).toContain('Let a worker listen');
    expect(error.message).toContain('can be started anew');
    const [id = ''] = await lab.store.list();
    const { snapshot } = await lab.until(id, ({ state }) => state === 'failed');
    expect(snapshot).toMatchObject({ endReason: 'provider-error', verdict: 'none', commands: [{ state: 'refused' }] });
    await until(() => lab.events.includes('recording.failed'));
    await expect.poll(() => lab.said('error')).toContain('error recording: it failed');
    // What was given up does not begin to record behind anybody's back.
    line.mend();
    await until(() => line.events === 1);
    const again = await lab.recorder.start({ call: asteriskChannel(call.caller.channelId) });
    await speak(300);
    expect((await lab.store.load(id))?.snapshot).toEqual(snapshot);
    await again.stop();
    expect(await lab.settled(again)).toMatchObject({ state: 'completed', verdict: 'present' });
  });
});
