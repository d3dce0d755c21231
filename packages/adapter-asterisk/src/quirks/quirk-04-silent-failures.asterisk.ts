import { mkdir, rm, writeFile } from 'node:fs/promises';
import { OnRecordError } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { listenRaw } from '../testing/raw-events.ts';
import { openScene, rejection, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk, describeWithOwnAsterisk } from '../testing/server/lane.ts';
import { startAsterisk } from '../testing/server/start-asterisk.ts';

describeWithOwnAsterisk('quirk 4: a folder in which nothing can be written', (suite) => {
  test('is no failure to the server, and is one to the driver', async () => {
    await using server = await startAsterisk({ suite });
    await using scene = openScene(server);
    await using events = await listenRaw(server, `${scene.app}-raw`, { subscribeAll: true });
    await scene.listen();
    // Where a folder is to be made there is a file: that stops even the superuser.
    await mkdir(server.recordings, { recursive: true });
    await rm(`${server.recordings}/onrecord`, { recursive: true, force: true });
    await writeFile(`${server.recordings}/onrecord`, '');
    const bridge = await scene.bridge(await scene.party());
    const unguarded = await scene.ari('POST', `/bridges/${bridge}/record`, { name: 'onrecord/x', format: 'wav' });
    expect(unguarded.status).toBe(201);
    expect(await events.next('RecordingFinished')).toMatchObject({ recording: { state: 'done' } });

    for (const call of [asteriskBridge(bridge), asteriskChannel(await scene.party())]) {
      const error = await rejection(scene.start(call));
      expect(OnRecordError.is(error, 'storage-failed') && error.blame).toBe('destination');
    }
    await until(async () => !JSON.stringify((await scene.ari('GET', '/channels')).json).includes('Snoop/'));
  });
});

describeOnAsterisk('quirk 4: a file that is not there', (server) => {
  test('is told as done by the server, and as empty by the driver', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const part = await scene.start(asteriskChannel(await scene.party()));
    await speak(200);
    const name = encodeURIComponent(`onrecord/${part.correlation}/mixed`);
    await scene.ari('POST', `/recordings/live/${name}/stop`);
    await scene.ari('DELETE', `/recordings/stored/${name}`);
    await until(() => scene.reports.some(({ seen }) => seen.facts?.['finished/mixed'] !== undefined));
    expect(await scene.status(part)).toEqual({
      capturing: false,
      ended: true,
      endReason: 'unknown',
      facts: { 'empty/mixed': true },
    });
  });
});
