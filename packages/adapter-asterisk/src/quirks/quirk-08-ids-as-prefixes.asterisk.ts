import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { openScene, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 8: an id with which the id of another channel begins', (server) => {
  test('is in use, as Asterisk 22 takes it', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const query = { endpoint: 'Local/440@phone', app: scene.app, channelId: party.slice(0, 8) };
    const { status } = await scene.ari('POST', '/channels', query);
    await speak(200);
    const own = await scene.ari('GET', `/channels/${party.slice(0, 8)}`);
    expect([status, own.status]).toEqual(server.suite === 'asterisk-22' ? [409, 404] : [200, 200]);
    await scene.ari('DELETE', `/channels/${party.slice(0, 8)}`);
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
