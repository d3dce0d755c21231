import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { listenRaw } from '../testing/raw-events.ts';
import { command, openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 11: the files of one call', (server) => {
  test('begin at different times', async () => {
    await using scene = openScene(server);
    await using events = await listenRaw(server, scene.app);
    const party = await scene.party();
    for (const spy of ['in', 'out']) {
      await scene.ari('POST', `/channels/${party}/snoop/${scene.app}-${spy}`, { spy, app: scene.app });
      await speak(30);
      await scene.ari('POST', `/channels/${scene.app}-${spy}/record`, { name: `${scene.app}-${spy}`, format: 'wav' });
    }
    await until(() => events.all.filter(({ type }) => type === 'RecordingStarted').length === 2);
    const [first, second] = events.all.flatMap(({ type, timestamp }) =>
      type === 'RecordingStarted' ? [timestamp] : [],
    );
    expect(first).not.toBe(second);
  });

  test('carry their offsets by the server’s own clock', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const output = { media: 'audio', layout: 'separate', container: 'wav' } as const;
    const part = await scene.start(asteriskChannel(await scene.party()), { output });
    const startedAt = () =>
      ['in', 'out'].map((label) => Date.parse(String(scene.known(part).facts?.[`started/${label}`])));
    await until(() => startedAt().every((at) => !Number.isNaN(at)));
    await speak(200);
    const { reports } = await scene.driver.doStop(scene.known(part), command(2), scene.context);
    const offsets = reports?.[0]?.seen.media?.map(({ tracks }) => tracks?.[0]?.offsetMs);
    expect(offsets).toEqual(startedAt().map((at) => at - Math.min(...startedAt())));
  });
});
