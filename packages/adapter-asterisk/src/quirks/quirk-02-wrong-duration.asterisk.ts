import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { isObject, objectAt } from '../json-reader.ts';
import { wavOf } from '../testing/audio.ts';
import { listenRaw } from '../testing/raw-events.ts';
import { command, openScene, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 2: the duration that the server tells', (server) => {
  test('is about twice the length of a wide-band file, and whole seconds', async () => {
    await using scene = openScene(server);
    await using events = await listenRaw(server, scene.app);
    const party = await scene.party();
    await scene.ari('POST', `/channels/${party}/record`, { name: `${scene.app}-long`, format: 'wav16' });
    await speak(2_400);
    await scene.ari('POST', `/recordings/live/${scene.app}-long/stop`);
    const finished = await events.next('RecordingFinished');
    const told = isObject(finished) ? Number(objectAt(finished, 'recording')['duration']) * 1_000 : 0;
    const { ms } = wavOf(await scene.file(`${scene.app}-long`));
    expect(told / ms).toBeGreaterThan(1.5);
  });

  test('is used by nobody: the driver tells the length of the file', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const plan = { providerOptions: { sampleRateHz: 16_000 } };
    const part = await scene.start(asteriskChannel(await scene.party()), plan);
    await speak(1_600);
    const { reports } = await scene.driver.doStop(part, command(2), scene.context);
    const { ms, rate } = wavOf(await scene.file(`onrecord/${part.correlation}/mixed`));
    expect(rate).toBe(16_000);
    expect(reports?.[0]?.seen.media?.[0]?.durationMs).toBe(ms);
    expect(JSON.stringify(scene.reports)).not.toContain('duration');
  });
});
