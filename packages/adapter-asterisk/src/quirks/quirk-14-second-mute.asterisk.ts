import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { heardIn } from '../testing/audio.ts';
import { command, openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 14: a second mute of one recording', (server) => {
  test('is said to be done, and does nothing on 16 after an unmute, and unmutes on 22', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const name = `${scene.app}-mute`;
    await scene.ari('POST', `/channels/${party}/record`, { name, format: 'wav' });
    await speak(400);
    const again = server.suite === 'asterisk-16' ? ['POST', 'DELETE', 'POST'] : ['POST', 'POST'];
    for (const method of again) {
      expect((await scene.ari(method, `/recordings/live/${name}/mute`)).status).toBe(204);
      await speak(600);
    }
    await scene.ari('POST', `/recordings/live/${name}/stop`);
    await until(async () => (await scene.ari('GET', `/recordings/live/${name}`)).status === 404);
    expect(heardIn(await scene.file(name), [440]).at(-1)).toBe('440');
  });

  test('is therefore not offered there, and works on 22 as often as it is asked for', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const effects = scene.driver.capabilities.pause.effects;
    if (server.suite === 'asterisk-16') return expect(effects).toEqual(['omitted']);
    expect(effects).toEqual(['omitted', 'silence']);
    const party = await scene.party();
    await speak(500);
    for (const call of [asteriskChannel(party), asteriskBridge(await scene.bridge(party))]) {
      const part = await scene.start(call, { pauseEffect: 'silence' });
      await speak(1_000);
      for (const ordinal of [2, 4]) {
        await scene.driver.doPause(part, command(ordinal), scene.context);
        await scene.driver.doPause(part, command(ordinal), scene.context);
        expect(await scene.status(part)).toEqual({});
        await speak(1_000);
        await scene.driver.doResume(part, command(ordinal + 1), scene.context);
        await scene.driver.doResume(part, command(ordinal + 1), scene.context);
        await speak(1_000);
      }
      await scene.driver.doStop(part, command(6), scene.context);
      const heard = heardIn(await scene.file(`onrecord/${part.correlation}/mixed`), [440]).join(' ');
      // How long each lasts in the file is a matter of how busy the machine is.
      expect(heard).toMatch(/^(440 )+(- )+(440 )+(- )+(440 ?)+$/);
    }
  });
});
