import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { placeCall } from '../testing/phones/index.ts';
import { speak } from '../testing/scene.ts';
import { startAsterisk } from '../testing/server/index.ts';
import { describeWithOwnAsterisk } from '../testing/server/lane.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';

describeWithOwnAsterisk('a server that was started anew and knows no application of the recorder', (suite) => {
  test('is asked again until the worker listens: the start comes late, and nothing is lost', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await lab.recorder.listen();
    await server.kill('SIGKILL');
    // Long enough for the worker to wait a while between its attempts.
    await speak(2_500);
    await server.restart();
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskChannel(call.caller.channelId) });
    expect(lab.said('warn')).toEqual([
      'warn worker: the connection for the events of a provider broke, to be made again',
    ]);
    await speak(600);
    await session.stop();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
    expect((await heard(fileOf(snapshot, 'master'), [440])).msOf('440')).toBeGreaterThan(50);
  });

  test('says so where nobody is going to listen', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server, { worker: false, deadlines: { start: 4_000 } });
    await using call = await placeCall(server);
    const error = await lab.rejection(lab.recorder.start({ call: asteriskChannel(call.caller.channelId) }));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(error.message).toContain('Let a worker listen');
    expect(error.message).toContain(`/applications/${lab.app}`);
  });
});
