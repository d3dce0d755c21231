import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { openScene, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 8: an id with which the name of another channel begins', (server) => {
  test('is taken, and the server says nothing of it', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    await scene.ari('POST', `/channels/${party}/snoop/${scene.app}-snoop`, { spy: 'in', app: scene.app });
    const query = { endpoint: 'Local/440@phone', app: scene.app, channelId: 'S' };
    expect((await scene.ari('POST', '/channels', query)).status).toBe(200);
    await speak(200);
    expect((await scene.ari('GET', '/channels/S')).status).toBe(404);
  });

  test('is never one of the driver’s: its listeners have the form of a UUID, and many stand side by side', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const output = { media: 'audio', layout: 'separate', container: 'wav' } as const;
    const parts = await Promise.all(Array.from({ length: 6 }, () => scene.start(asteriskChannel(party), { output })));
    for (const part of parts) expect(await scene.status(part)).toEqual({ capturing: true });
    const { json } = await scene.ari('GET', '/channels');
    const channels = Array.isArray(json) ? json : [];
    const own = channels.filter((channel) =>
      parts.some(({ correlation }) => JSON.stringify(channel).includes(correlation)),
    );
    expect(own).toHaveLength(12);
    for (const channel of own)
      expect(JSON.stringify(channel)).toMatch(/"id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/);
  });
});
