import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { speak } from '../testing/scene.ts';
import { describeWithSip } from '../testing/server/lane.ts';
import { startAsterisk } from '../testing/server/start-asterisk.ts';
import { placeSipCall } from '../testing/sip/index.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';

const tones = [440, 1270] as const;
const layouts = ['separate', 'mixed', 'incoming'] as const;

describeWithSip('an ordinary call of a PBX, connected by Dial() and in no Stasis application', (suite) => {
  test('is recorded on both sides and as a whole, with a pause, until the BYE', async () => {
    await using server = await startAsterisk({ suite, sip: true });
    await using lab = await openLab(server);
    await using call = await placeSipCall(server, { calleeToneHz: 1270 });
    call.say(440);
    const caller = asteriskChannel(call.callerChannelId);
    const begun = performance.now();
    const sessions = await Promise.all(
      layouts.map((layout) =>
        lab.recorder.start({
          call: caller,
          output: { media: 'audio', layout, container: 'wav' },
          idempotencyKey: `${call.callerChannelId}/${layout}`,
        }),
      ),
    );
    const [apart, mixed, incoming] = sessions;
    await speak(1_000);
    await apart?.pause();
    const pausedAt = performance.now();
    await speak(1_000);
    const heldMs = performance.now() - pausedAt;
    await apart?.resume();
    await speak(1_000);
    await call.hangUp();
    const wholeMs = performance.now() - begun;
    for (const session of sessions) {
      const snapshot = await lab.settled(session);
      expect(snapshot).toMatchObject({
        state: 'completed',
        endReason: 'call-ended',
        verdict: 'present',
        anomalies: [],
      });
    }
    const side = async (from: 'participant' | 'everyone-else') => {
      const artifact = fileOf(await apart!.snapshot(), 'track', ({ tracks: [track] }) => track?.from === from);
      return heard(artifact, tones);
    };
    const [own, others] = [await side('participant'), await side('everyone-else')];
    expect(own.msOf('1270') + own.msOf('440+1270') + others.msOf('440') + others.msOf('440+1270')).toBe(0);
    for (const [file, tone] of [
      [own, '440'],
      [others, '1270'],
    ] as const) {
      expect(file.integrity).toBe('complete');
      expect(file.msOf(tone)).toBeGreaterThan(500);
      // What the pause leaves out is not there.
      expect(file.ms).toBeLessThan(wholeMs - heldMs + 100);
    }
    const whole = await heard(fileOf(await mixed!.snapshot(), 'master'), tones);
    expect(whole.msOf('440+1270')).toBeGreaterThan(1_000);
    const from = await heard(fileOf(await incoming!.snapshot(), 'master'), tones);
    expect(from.msOf('440')).toBeGreaterThan(1_000);
    expect(from.msOf('1270') + from.msOf('440+1270')).toBe(0);
    expect(lab.said('warn')).toEqual([]);
  });

  test('is refused as a bridge, with what to record instead', async () => {
    await using server = await startAsterisk({ suite, sip: true });
    await using lab = await openLab(server);
    await using call = await placeSipCall(server);
    const error = await lab.rejection(lab.recorder.start({ call: asteriskBridge(call.bridgeId) }));
    expect(error).toMatchObject({ code: 'unsupported', blame: 'caller', retry: 'never' });
    expect(error.message).toContain('asteriskChannel');
  });
});
