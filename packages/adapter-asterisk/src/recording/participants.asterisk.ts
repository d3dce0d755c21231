import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { heardIn, wavOf } from '../testing/audio.ts';
import { command, openScene, speak, stopwatch, toleranceMs, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

const output = { media: 'audio', layout: 'per-participant', container: 'wav' } as const;

describeOnAsterisk('a recording per participant', (server) => {
  test('has a file of each, of late ones too', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const [one, other, late] = [await scene.party(440), await scene.party(1000), await scene.party(600)];
    const bridge = await scene.bridge(one, other);
    let part = await scene.start(asteriskBridge(bridge), { output });
    await speak(600);
    await scene.join(bridge, late);
    const lateFor = stopwatch();
    part = scene.known(part, await scene.driver.doFollow(part, scene.context));
    expect(await scene.driver.doFollow(part, scene.context)).toEqual([]);
    await speak(600);
    const { reports } = await scene.driver.doStop(part, command(2), scene.context);
    const media = reports?.[0]?.seen.media ?? [];
    const offsets = new Map(media.map(({ tracks }) => [tracks?.[0]?.participant, tracks?.[0]?.offsetMs ?? -1]));
    expect([...offsets.keys()].sort()).toEqual([one, other, late].sort());
    expect(offsets.get(late)).toBeGreaterThan(500);
    expect(Math.min(...offsets.values())).toBe(0);
    const file = await scene.file(`onrecord/${part.correlation}/${late}`);
    expect(heardIn(file, [440, 600, 1000])).toContain('600');
    expect(wavOf(file).ms).toBeLessThan(lateFor() + toleranceMs);
  });

  test('of a channel has those who come to its bridge, as long as they are on it', async () => {
    await using other = openScene(server);
    await other.listen();
    await using scene = openScene(server);
    await scene.listen();
    const [one, late] = [await other.party(440), await other.party(600)];
    const bridge = await other.bridge(one);
    let part = await scene.start(asteriskChannel(one), { output });
    await other.join(bridge, late);
    await until(() => scene.calls.some(({ type, call }) => type === 'call.participant-joined' && call.key === one));
    const firstTake = stopwatch();
    part = scene.known(part, await scene.driver.doFollow(part, scene.context));
    await speak(400);
    // Held elsewhere for a while: what is said there is none of this call.
    await other.ari('POST', `/bridges/${bridge}/removeChannel`, { channel: late });
    await until(async () => !JSON.stringify((await other.ari('GET', `/bridges/${bridge}`)).json).includes(late));
    expect(await scene.driver.doFollow(part, scene.context)).toEqual([]);
    const firstTakeMs = firstTake();
    expect(await scene.status(part)).toEqual({ capturing: true });
    await speak(1_500);
    const recorded = stopwatch();
    await other.join(bridge, late);
    part = scene.known(part, await scene.driver.doFollow(part, scene.context));
    await speak(300);
    const { reports } = await scene.driver.doStop(part, command(2), scene.context);
    const media = reports?.[0]?.seen.media ?? [];
    expect(media.map(({ tracks }) => tracks?.[0]?.participant).sort()).toEqual([late, late, one].sort());
    const [first, second] = [
      wavOf(await scene.file(`onrecord/${part.correlation}/${late}`)).ms,
      wavOf(await scene.file(`onrecord/${part.correlation}/${late}~~2`)).ms,
    ];
    expect(first).toBeLessThan(firstTakeMs + toleranceMs);
    expect(second).toBeLessThan(recorded() + toleranceMs);
  });

  test('does not begin with anybody in a pause, and does so after it', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const [one, late] = [await scene.party(440), await scene.party(600)];
    const bridge = await scene.bridge(one);
    const part = await scene.start(asteriskBridge(bridge), { output });
    await scene.driver.doPause(part, command(2), scene.context);
    await scene.join(bridge, late);
    expect(await scene.driver.doFollow(part, scene.context)).toEqual([]);
    expect(await scene.status(part)).toEqual({ capturing: false });
    await scene.driver.doResume(part, command(3), scene.context);
    const [followed] = await scene.driver.doFollow(part, scene.context);
    expect(Object.keys(followed?.seen.facts ?? {})).toEqual([`begun/${late}`]);
  });

  test('goes on with nobody who left in a pause, and with whoever came instead', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const [one, other, late] = [await scene.party(440), await scene.party(1000), await scene.party(600)];
    const bridge = await scene.bridge(one, other);
    const leave = async (channel: string) => {
      await scene.ari('POST', `/bridges/${bridge}/removeChannel`, { channel });
      await until(async () => !JSON.stringify((await scene.ari('GET', `/bridges/${bridge}`)).json).includes(channel));
    };
    let part = await scene.start(asteriskBridge(bridge), { output });
    const live = (channel: string) =>
      scene.ari('GET', `/recordings/live/${encodeURIComponent(`onrecord/${part.correlation}/${channel}`)}`);
    await scene.driver.doPause(part, command(2), scene.context);
    await leave(other);
    await scene.driver.doResume(part, command(3), scene.context);
    expect([(await live(one)).status, (await live(other)).status]).toEqual([200, 404]);
    await scene.driver.doPause(part, command(4), scene.context);
    await leave(one);
    await scene.join(bridge, late);
    const resumed = await scene.driver.doResume(part, command(5), scene.context);
    part = scene.known(part, resumed);
    expect(resumed).toMatchObject({ reports: [{ seen: { capturing: true } }] });
    expect([(await live(one)).status, (await live(late)).status]).toEqual([404, 200]);
  });

  test('is stopped once, however often it is asked to, and tells of its files each time', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const bridge = await scene.bridge(await scene.party(440), await scene.party(600));
    const part = await scene.start(asteriskBridge(bridge), { output });
    await speak(300);
    for (let time = 0; time < 2; time++) {
      const { reports } = await scene.driver.doStop(part, command(2), scene.context);
      expect(reports?.[0]?.seen).toMatchObject({ capturing: false, ended: true });
      expect(reports?.[0]?.seen.media).toHaveLength(2);
    }
  });
});
