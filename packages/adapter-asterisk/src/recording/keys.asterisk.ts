import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { asteriskBridge } from '../call-ref.ts';
import { openScene, type Scene, speak, until } from '../testing/scene.ts';
import { describeWithOwnAsterisk } from '../testing/server/lane.ts';
import { type AsteriskServer, startAsterisk } from '../testing/server/start-asterisk.ts';

/** A party of two halves: what is dialled on the second comes out of the first. */
async function dialler(
  server: AsteriskServer,
  scene: Scene,
): Promise<{ readonly id: string; dial(key: string): Promise<void> }> {
  await appendFile(
    `${server.state}/etc/extensions.conf`,
    `exten => keys,1,Answer()\n same => n,Stasis(${scene.app})\n`,
  );
  expect((await scene.ari('PUT', '/asterisk/modules/pbx_config.so')).status).toBe(204);
  const id = randomUUID();
  await scene.ari('POST', '/channels', { endpoint: 'Local/keys@phone', app: scene.app, channelId: id });
  await until(() => [id, `${id};2`].every((half) => scene.calls.some(({ call }) => call.key === half)));
  return {
    id,
    async dial(key) {
      const { status } = await scene.ari('POST', `/channels/${encodeURIComponent(`${id};2`)}/dtmf`, { dtmf: key });
      expect(status).toBe(204);
    },
  };
}

describeWithOwnAsterisk('a recording of a bridge', (suite) => {
  test.each([
    ['#', '5', '#'],
    ['any', undefined, '5'],
  ] as const)('with terminateOn %s ends with that key', async (terminateOn, other, key) => {
    await using server = await startAsterisk({ suite });
    await using scene = openScene(server);
    await scene.listen();
    const { id, dial } = await dialler(server, scene);
    const call = asteriskBridge(await scene.bridge(id, await scene.party()));
    const part = await scene.start(call, { providerOptions: { terminateOn } });
    await speak(300);
    if (other !== undefined) {
      await dial(other);
      await speak(500);
      expect(await scene.status(part)).toEqual({ capturing: true });
    }
    await dial(key);
    await until(async () => (await scene.status(part)).ended === true);
    const seen = await scene.status(part);
    expect(seen.media).toHaveLength(1);
    expect(seen.endReason).toBe('requested');
  });
});
