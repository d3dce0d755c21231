import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { command, openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 10: a stop', (server) => {
  test('finds nothing after a hang-up, and leaves its listener behind before one', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const snoop = `${scene.app}-snoop`;
    await scene.ari('POST', `/channels/${party}/snoop/${snoop}`, { spy: 'in', app: scene.app });
    await speak(100);
    await scene.ari('POST', `/channels/${snoop}/record`, { name: `${scene.app}-x`, format: 'wav' });
    await speak(200);
    expect((await scene.ari('POST', `/recordings/live/${scene.app}-x/stop`)).status).toBe(204);
    expect((await scene.ari('GET', `/channels/${snoop}`)).status).toBe(200);
    await scene.hangUp(party);
    expect((await scene.ari('POST', `/recordings/live/${scene.app}-x/stop`)).status).toBe(404);
  });

  test('by the driver leaves no listener', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const part = await scene.start(asteriskChannel(await scene.party()));
    await speak(200);
    await scene.driver.doStop(part, command(2), scene.context);
    const left = async () => JSON.stringify((await scene.ari('GET', '/channels')).json).includes(part.correlation);
    await until(async () => !(await left()));
  });

  test('by the driver after a hang-up, also in a pause, is done, and says why it was over', async () => {
    await using scene = openScene(server);
    await scene.listen();
    for (const paused of [false, true]) {
      const party = await scene.party();
      const part = await scene.start(asteriskChannel(party));
      await speak(200);
      if (paused) await scene.driver.doPause(part, command(2), scene.context);
      await scene.hangUp(party);
      const stopped = await scene.driver.doStop(part, command(3), scene.context);
      expect(stopped).toMatchObject({
        kind: 'done',
        reports: [{ seen: { ended: true, endReason: 'call-ended', media: [{ role: 'master' }] } }],
      });
    }
  });
});
