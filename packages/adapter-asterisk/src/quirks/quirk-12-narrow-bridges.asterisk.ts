import { randomUUID } from 'node:crypto';
import { OnRecordError } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { amplitudeOf, wavOf } from '../testing/audio.ts';
import { command, openScene, rejection, type Scene, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';
import { noisyParty } from '../testing/wide-noise.ts';

/** How loud what lies above the telephone band is, by what lies in it. */
function wideness(file: Buffer): number {
  const { samples, rate } = wavOf(file);
  expect(rate).toBe(16_000);
  const settled = samples.subarray(3_200);
  const level = (from: number, to: number) => {
    let power = 0;
    for (let hz = from; hz < to; hz += 50) power += amplitudeOf(settled, rate, hz) ** 2;
    return Math.sqrt(power);
  };
  return level(4_500, 7_000) / level(300, 3_400);
}

async function noisyBridge(scene: Scene): Promise<readonly [bridge: string, party: string]> {
  const parties = [await noisyParty(scene, randomUUID()), await noisyParty(scene, randomUUID())] as const;
  await speak(200);
  return [await scene.bridge(...parties), parties[0]];
}

const wide = { providerOptions: { sampleRateHz: 16_000 } };

describeOnAsterisk('quirk 12: a wide-band file of a bridge', (server) => {
  test('holds no more than the telephone band on Asterisk 16', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const [bridge] = await noisyBridge(scene);
    const name = `${scene.app}-wide`;
    await scene.ari('POST', `/bridges/${bridge}/record`, { name, format: 'wav16' });
    await speak(1_200);
    await scene.ari('POST', `/recordings/live/${name}/stop`);
    const measured = wideness(await scene.file(name));
    if (server.suite === 'asterisk-16') expect(measured).toBeLessThan(0.05);
    else expect(measured).toBeGreaterThan(0.2);
  });

  test('is refused there by the driver, and a leg is recorded wide on both', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const [bridge, party] = await noisyBridge(scene);
    if (server.suite === 'asterisk-16') {
      const error = await rejection(scene.start(asteriskBridge(bridge), wide));
      expect(OnRecordError.is(error, 'unsupported') && error.message).toContain('asteriskChannel');
    }
    const calls =
      server.suite === 'asterisk-16' ? [asteriskChannel(party)] : [asteriskChannel(party), asteriskBridge(bridge)];
    for (const call of calls) {
      const part = await scene.start(call, wide);
      await speak(1_200);
      await scene.driver.doStop(part, command(2), scene.context);
      expect(wideness(await scene.file(`onrecord/${part.correlation}/mixed`))).toBeGreaterThan(0.2);
    }
  });
});
