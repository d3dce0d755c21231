import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { placeCall } from '../testing/phones/index.ts';
import { openScene, speak, until } from '../testing/scene.ts';
import { startAsterisk } from '../testing/server/index.ts';
import { describeWithOwnAsterisk } from '../testing/server/lane.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';

/** From now on no file of the process grows beyond this: to it, its disk is full. */
async function fillDisk({ pid }: { readonly pid: number }, bytes: number): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes}`]);
}

describeWithOwnAsterisk('a server that cannot write its recordings', (suite) => {
  test('takes the start, and the recorder does not: the session fails for its storage, and says so', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await using scene = openScene(server);
    await using call = await placeCall(server);
    // Where a folder is to be made there is a file: that stops even the superuser.
    await rm(`${server.recordings}/onrecord`, { recursive: true, force: true });
    await writeFile(`${server.recordings}/onrecord`, '');
    for (const target of [asteriskBridge(call.bridgeId), asteriskChannel(call.caller.channelId)]) {
      const error = await lab.rejection(lab.recorder.start({ call: target }));
      expect(error).toMatchObject({ code: 'storage-failed', blame: 'destination', retry: 'never' });
      expect(error.message).toContain('Check that its recording folder is writable and has room.');
    }
    for (const id of await lab.store.list()) {
      const { snapshot } = await lab.until(id, ({ state }) => state === 'failed');
      expect(snapshot).toMatchObject({ endReason: 'storage-error', commands: [{ kind: 'start', state: 'refused' }] });
    }
    await until(() => lab.events.filter((name) => name === 'recording.failed').length === 2);
    await expect
      .poll(() => lab.said('warn').toSorted())
      .toEqual([
        'error recording: it failed',
        'error recording: it failed',
        'warn recording: a command was refused',
        'warn recording: a command was refused',
      ]);
    await until(async () => !JSON.stringify((await scene.ari('GET', '/channels')).json).includes('Snoop/'));
  });
});

describeWithOwnAsterisk('a server whose disk is full', (suite) => {
  test('ends a recording in the middle of its call: what there is is kept, and it is said', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(300);
    await fillDisk(server, 40_000);
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'unknown', verdict: 'present' });
    expect(snapshot.anomalies).toMatchObject([{ code: 'uncommanded-end', partId: 'p1' }]);
    await until(() => lab.events.includes('recording.anomaly'));
    await expect.poll(() => lab.said('warn')).toEqual(['warn recording: something is wrong with it']);
    const file = await heard(fileOf(snapshot, 'master'), [440]);
    expect(file.bytes).toBeLessThanOrEqual(40_000);
    expect(file.msOf('440')).toBeGreaterThan(300);
    // Nothing is recorded any more, so there is nothing to stop; the call itself goes on.
    await session.stop();
    expect((await session.snapshot()).anomalies).toEqual(snapshot.anomalies);
  });

  test('before anything was written leaves an empty file: the session fails for its storage', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const stopped = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    const hungUp = await lab.recorder.start({ call: asteriskChannel(call.caller.channelId) });
    await fillDisk(server, 44);
    await speak(2_600);
    await stopped.stop();
    await call.end();
    for (const session of [stopped, hungUp]) {
      const snapshot = await lab.settled(session);
      expect(snapshot).toMatchObject({
        state: 'failed',
        endReason: 'storage-error',
        verdict: 'missing',
        artifacts: [],
      });
    }
    await until(() => lab.events.filter((name) => name === 'recording.missing').length === 2);
    await expect.poll(() => lab.said('error')).toContain('error recording: no file of it is there');
  });
});
