import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { placeCall } from '../testing/phones/index.ts';
import { openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';
import { openCutProxy } from './testing/cut-proxy.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';

describeOnAsterisk('a server that vanishes', (server) => {
  test('between requests is asked again: pause and stop are done once it is back', async () => {
    await using line = await openCutProxy(server.url);
    await using lab = await openLab({ ...server, url: line.url });
    await using call = await placeCall(server);
    call.caller.say(440);
    const begun = performance.now();
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(600);
    line.cutAll();
    const paused = session.pause();
    await speak(700);
    line.mend();
    await paused;
    const capturedMs = performance.now() - begun;
    await speak(1_000);
    line.cutAll();
    const stopped = session.stop();
    await speak(400);
    line.mend();
    await stopped;
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
    // The pause lasted until the stop: what was said then is not there.
    const file = await heard(fileOf(snapshot, 'master'), [440]);
    expect(file.ms).toBeLessThan(capturedMs + 100);
    expect(file.integrity).toBe('complete');
  });

  test('after it took the start, before it answered: the start is repeated, and there is one recording', async () => {
    await using line = await openCutProxy(server.url);
    await using lab = await openLab({ ...server, url: line.url });
    await using scene = openScene(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const answered = line.swallow(/^POST [^ ]*\/record\?/);
    const starting = lab.recorder.start({ call: asteriskChannel(call.caller.channelId) });
    await answered;
    line.cutAll();
    line.mend();
    const session = await starting;
    await speak(500);
    await session.stop();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
    expect(JSON.stringify((await scene.ari('GET', '/recordings/stored')).json).split(session.id)).toHaveLength(2);
    await until(async () => !JSON.stringify((await scene.ari('GET', '/channels')).json).includes(session.id));
  });

  test('in the middle of a download is read on from there, and the file is whole', async () => {
    await using line = await openCutProxy(server.url);
    await using lab = await openLab({ ...server, url: line.url });
    await using scene = openScene(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(2_500);
    line.cutAfter(15_000);
    await session.stop();
    await until(() => lab.log.some(({ message }) => message === 'worker: a file broke off and is read on'));
    line.mend();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
    const original = await scene.file(`onrecord/${session.id}.p1/mixed`);
    const file = await heard(fileOf(snapshot, 'master'), [440]);
    expect(file).toMatchObject({ bytes: original.length, integrity: 'complete' });
  });
});
