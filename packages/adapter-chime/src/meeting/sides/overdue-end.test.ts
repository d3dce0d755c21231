import { describe, expect, test } from 'vitest';
import { LIVE_URL, openSidesScene, type SidesScene } from '../../testing/sides-scene.ts';

const youtube = { live: 'youtube' };
const published = (scene: SidesScene) => scene.chime.published().map(({ url, to }) => [url, to === undefined]);

describe('a live output that cannot be ended for minutes (DeleteMediaPipeline)', () => {
  const broken = { status: 500, headers: {}, body: '{}' };

  test.each([true, false])(
    'still runs: that is told once, with its pipeline, and it is tried on (its id is known: %s)',
    async (known) => {
      await using scene = await openSidesScene({ archived: true });
      if (!known) {
        const match = 'CreateMediaLiveConnectorPipeline';
        scene.chime.faults.next({ match, fault: 'drop-before-answer' });
        scene.chime.faults.next({ match, fault: 'drop-before-work', times: 20 });
      }
      const session = await scene.record(youtube);
      await scene.pass(5_000);
      const id = scene.chime.pipelines().find(({ type }) => type === 'MediaLiveConnectorPipeline')?.id;
      scene.chime.faults.next({ match: 'DeleteMediaPipeline', fault: broken, times: 10_000 });
      await scene.settle(session.stop());
      await scene.pass(270_000);
      expect(await scene.anomalies()).toEqual([]);
      await scene.pass(3_600_000);
      const { snapshot, parts } = await scene.saved();
      expect(snapshot.state).toBe('completed');
      expect(snapshot.anomalies.map(({ code, message }) => [code, message])).toEqual([
        [
          'side-failed',
          expect.stringMatching(
            /^The live output youtube still runs: for 5 minutes it could not be ended \(unavailable/,
          ),
        ],
      ]);
      expect(snapshot.anomalies[0]?.message).toContain(`DeleteMediaPipeline of pipeline ${id}`);
      expect(parts[0]?.facts?.['finalized']).toBeUndefined();
      expect(published(scene)).toEqual([[LIVE_URL, true]]);
      scene.chime.faults.clear();
      await scene.pass(1_800_000);
      expect(published(scene)).toEqual([[LIVE_URL, false]]);
      expect((await scene.saved()).parts[0]?.facts?.['finalized']).toBe(true);
      expect(await scene.anomalies()).toHaveLength(1);
    },
  );

  test('is no news where its pipeline is found to be over (GetMediaPipeline)', async () => {
    await using scene = await openSidesScene({ archived: true });
    const session = await scene.record(youtube);
    await scene.pass(5_000);
    scene.chime.faults.next({ match: 'DeleteMediaPipeline', fault: broken, times: 10_000 });
    await scene.settle(session.stop());
    await scene.pass(60_000);
    scene.meeting.end(true);
    await scene.pass(900_000);
    expect(published(scene)).toEqual([[LIVE_URL, false]]);
    expect((await scene.saved()).parts[0]?.facts?.['finalized']).toBe(true);
    expect(await scene.anomalies()).toEqual([]);
  });

  test('may still run where nobody can tell', async () => {
    await using scene = await openSidesScene({ archived: true });
    const session = await scene.record(youtube);
    await scene.pass(5_000);
    scene.chime.faults.next({ match: 'DeleteMediaPipeline', fault: broken, times: 10_000 });
    await scene.settle(session.stop());
    await scene.pass(60_000);
    scene.chime.faults.next({ match: 'GetMediaPipeline', fault: broken, times: 10_000 });
    await scene.pass(900_000);
    expect((await scene.anomalies()).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The live output youtube may still run: /),
    ]);
  });
});
