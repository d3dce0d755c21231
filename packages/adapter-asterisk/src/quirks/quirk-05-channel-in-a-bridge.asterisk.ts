import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { heardIn } from '../testing/audio.ts';
import { listenRaw } from '../testing/raw-events.ts';
import { command, openScene, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 5: a channel that is on a bridge', (server) => {
  test('is taken for recording and then fails', async () => {
    await using scene = openScene(server);
    await using events = await listenRaw(server, scene.app);
    const party = await scene.party();
    await scene.bridge(party);
    const answer = await scene.ari('POST', `/channels/${party}/record`, { name: `${scene.app}-x`, format: 'wav' });
    expect(answer.status).toBe(201);
    expect(await events.next('RecordingFailed')).toMatchObject({
      recording: { cause: 'Cannot record channel while in bridge' },
    });
  });

  test('is recorded by the driver all the same, both sides of it', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party(440);
    await scene.bridge(party, await scene.party(1000));
    const part = await scene.start(asteriskChannel(party));
    await speak(800);
    await scene.driver.doStop(part, command(2), scene.context);
    const file = await scene.file(`onrecord/${part.correlation}/mixed`);
    expect(heardIn(file, [440, 1000])).toContain('440+1000');
  });

  test('whose recording fails is reported with the words of the server', async () => {
    await using scene = openScene(server);
    const body = {
      type: 'RecordingFailed',
      timestamp: '2026-11-20T16:06:12.395+0000',
      recording: {
        name: 'onrecord/6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1/mixed',
        format: 'wav',
        state: 'failed',
        cause: 'Cannot record channel while in bridge',
      },
    };
    const request = { transport: 'socket', headers: {}, body: Buffer.from(JSON.stringify(body)) } as const;
    const { reports, ask } = await scene.driver.parse(request, scene.context);
    expect(reports[0]?.seen.facts).toEqual({
      'finished/mixed': '2026-11-20T16:06:12.395Z',
      'failed/mixed': 'Cannot record channel while in bridge',
    });
    expect(ask).toEqual(['6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1']);
  });
});
