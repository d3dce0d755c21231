import { OnRecordError } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { heardIn, wavOf } from '../testing/audio.ts';
import { command, openScene, rejection, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 15: a pause while the beep of a recording sounds', (server) => {
  test('is said to hold, and everything is recorded', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const name = `${scene.app}-beep`;
    await scene.ari('POST', `/channels/${party}/record`, { name, format: 'wav', beep: 'true' });
    await until(async () =>
      JSON.stringify((await scene.ari('GET', `/recordings/live/${name}`)).json).includes('recording"'),
    );
    await speak(50);
    expect((await scene.ari('POST', `/recordings/live/${name}/pause`)).status).toBe(204);
    await speak(1_500);
    expect((await scene.ari('GET', `/recordings/live/${name}`)).json).toMatchObject({ state: 'paused' });
    await scene.ari('POST', `/recordings/live/${name}/stop`);
    expect(heardIn(await scene.file(name), [440])).toContain('440');
  });

  test('cannot be: the driver beeps never, and a pause right after the start holds', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const call = asteriskChannel(await scene.party());
    const refused = await rejection(scene.start(call, { providerOptions: { beep: true } }));
    expect(OnRecordError.is(refused, 'invalid-request') && refused.message).toContain('beep');
    const part = await scene.start(call);
    await scene.driver.doPause(part, command(2), scene.context);
    await speak(1_500);
    await scene.driver.doStop(part, command(3), scene.context);
    const name = encodeURIComponent(`onrecord/${part.correlation}/mixed`);
    const { status } = await scene.ari('GET', `/recordings/stored/${name}`);
    if (status === 200) expect(wavOf(await scene.file(decodeURIComponent(name))).ms).toBeLessThan(1_000);
  });
});
