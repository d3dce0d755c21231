import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { listenRaw } from '../testing/raw-events.ts';
import { command, openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 3: a discard', (server) => {
  test('is told by the server as any other end', async () => {
    await using scene = openScene(server);
    await using events = await listenRaw(server, scene.app);
    const party = await scene.party();
    await scene.ari('POST', `/channels/${party}/record`, { name: `${scene.app}-gone`, format: 'wav' });
    await events.next('RecordingStarted');
    await scene.ari('DELETE', `/recordings/live/${scene.app}-gone`);
    expect(await events.next('RecordingFinished')).toMatchObject({ recording: { state: 'done' } });
  });

  test('is told by the driver as what it is, and no event takes that back', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const part = await scene.start(asteriskChannel(await scene.party()));
    await speak(200);
    const { reports } = await scene.driver.doDiscard(part, command(2), scene.context);
    expect(reports?.[0]?.seen).toEqual({ capturing: false, ended: true, endReason: 'discarded' });
    await until(() => scene.reports.some(({ seen }) => seen.facts?.['finished/mixed'] !== undefined));
    const later = [...scene.reports.map(({ seen }) => seen), await scene.status(part)];
    expect(later.filter(({ endReason = 'unknown', media }) => endReason !== 'unknown' || media !== undefined)).toEqual(
      [],
    );
  });
});
