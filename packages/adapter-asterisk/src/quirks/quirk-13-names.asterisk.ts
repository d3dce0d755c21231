import { expect, test } from 'vitest';
import { asteriskBridge } from '../call-ref.ts';
import { labelOf, participantOf } from '../names/label.ts';
import { command, openScene, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 13: a name of somebody else', (server) => {
  test('is refused as an error of the server, or taken as it is', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const record = (name: string) => scene.ari('POST', `/channels/${party}/record`, { name, format: 'wav' });
    expect(await record('../outside')).toMatchObject({ status: 500 });
    expect((await record(`/${scene.app} mit Läücke`)).status).toBe(201);
  });

  test('becomes a file below our folder, and is found again', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const id = `${scene.app} Zoë.wav`;
    const query = { endpoint: 'Local/440@phone', app: scene.app, channelId: id };
    await scene.ari('POST', '/channels', query);
    await speak(300);
    const bridge = await scene.bridge(id);
    const output = { media: 'audio', layout: 'per-participant', container: 'wav' } as const;
    const part = await scene.start(asteriskBridge(bridge), { output });
    await speak(300);
    const { reports } = await scene.driver.doStop(part, command(2), scene.context);
    const [media] = reports?.[0]?.seen.media ?? [];
    expect(media?.tracks?.[0]?.participant).toBe(id);
    expect((await scene.file(`onrecord/${part.correlation}/${labelOf(id)}`)).length).toBe(media?.bytes);
    expect(participantOf(labelOf(id))).toBe(id);
    expect(labelOf(id)).toMatch(/^[A-Za-z0-9_~-]+$/);
  });
});
