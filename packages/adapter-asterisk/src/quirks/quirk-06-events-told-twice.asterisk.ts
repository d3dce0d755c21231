import { expect, test } from 'vitest';
import { asteriskBridge } from '../call-ref.ts';
import { listenRaw } from '../testing/raw-events.ts';
import { command, openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 6: the events of a bridge’s recording', (server) => {
  test('come twice to who subscribes to all', async () => {
    await using scene = openScene(server);
    await using events = await listenRaw(server, scene.app, { subscribeAll: true });
    const bridge = await scene.bridge(await scene.party());
    const name = `${scene.app}-twice`;
    await scene.ari('POST', `/bridges/${bridge}/record`, { name, format: 'wav' });
    await events.next('RecordingStarted');
    await speak(200);
    await scene.ari('POST', `/recordings/live/${name}/stop`);
    await events.next('RecordingFinished');
    await speak(100);
    const started = events.all.filter(
      ({ type, recording }) => type === 'RecordingStarted' && JSON.stringify(recording).includes(name),
    );
    expect(started).toHaveLength(2);
  });

  test.each(['started', 'all'] as const)('are one observation each, with calls: %s', async (calls) => {
    await using scene = openScene(server, { calls });
    await scene.listen();
    const bridge = await scene.bridge(await scene.party());
    const part = await scene.start(asteriskBridge(bridge));
    await speak(200);
    await scene.driver.doStop(part, command(2), scene.context);
    const own = () => scene.reports.filter(({ subject }) => JSON.stringify(subject).includes(part.correlation));
    await until(() => own().some(({ seen }) => seen.facts?.['finished/mixed'] !== undefined));
    await speak(100);
    expect(new Set(own().map(({ reportId }) => reportId)).size).toBe(2);
    if (calls === 'started') expect(own()).toHaveLength(2);
  });
});
