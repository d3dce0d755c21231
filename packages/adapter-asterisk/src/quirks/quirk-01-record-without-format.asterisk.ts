import { expect, test } from 'vitest';
import { asteriskBridge } from '../call-ref.ts';
import { openScene } from '../testing/scene.ts';
import { describeWithOwnAsterisk } from '../testing/server/lane.ts';
import { startAsterisk } from '../testing/server/start-asterisk.ts';

describeWithOwnAsterisk('quirk 1: a record request without a format', (suite) => {
  test('ends an Asterisk 22, and is refused by 16', async () => {
    await using server = await startAsterisk({ suite });
    await using scene = openScene(server);
    await scene.listen();
    const bridge = await scene.bridge(await scene.party());
    const unguarded = scene.ari('POST', `/bridges/${bridge}/record`, { name: 'without-format' });
    if (suite === 'asterisk-16') return expect(await unguarded).toMatchObject({ status: 422 });
    await expect(unguarded).rejects.toThrow();
    expect(await server.exited).toEqual({ code: null, signal: 'SIGSEGV' });
  });

  test('is never sent by the driver: the server lives, and records', async () => {
    await using server = await startAsterisk({ suite });
    await using scene = openScene(server);
    await scene.listen();
    const part = await scene.start(asteriskBridge(await scene.bridge(await scene.party())));
    expect(await scene.status(part)).toEqual({ capturing: true });
    expect(await scene.ari('GET', '/asterisk/ping')).toMatchObject({ status: 200 });
  });
});
