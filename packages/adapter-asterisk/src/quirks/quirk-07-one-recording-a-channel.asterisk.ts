import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { openScene, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 7: a second recording of a channel', (server) => {
  test('waits for the end of the first, and cannot be paused', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    for (const name of ['first', 'second']) {
      await scene.ari('POST', `/channels/${party}/record`, { name: `${scene.app}-${name}`, format: 'wav' });
    }
    await speak(300);
    const second = `/recordings/live/${scene.app}-second`;
    expect((await scene.ari('GET', second)).json).toMatchObject({ state: 'queued' });
    expect((await scene.ari('POST', `${second}/pause`)).status).toBe(409);
  });

  test('runs beside it by the driver, and beside one of the application itself', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    await scene.ari('POST', `/channels/${party}/record`, { name: `${scene.app}-own`, format: 'wav' });
    const call = asteriskChannel(party);
    const parts = await Promise.all([scene.start(call), scene.start(call), scene.start(call)]);
    for (const part of parts) expect(await scene.status(part)).toEqual({ capturing: true });
  });
});
