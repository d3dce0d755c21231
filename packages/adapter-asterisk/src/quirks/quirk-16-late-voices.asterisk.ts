import { toneWindows } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { asteriskBridge } from '../call-ref.ts';
import { wavOf } from '../testing/audio.ts';
import { type PlacedCall, placeCall } from '../testing/phones/index.ts';
import { command, openScene, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

const VOICE = 440;
const SECRET = 1730;

/** A word that ends when the resume is asked for, so many times. */
async function secretPauses(
  { caller }: PlacedCall,
  times: number,
  pause: (round: number) => Promise<unknown>,
  resume: (round: number) => Promise<unknown>,
): Promise<void> {
  for (let round = 1; round <= times; round++) {
    await speak(150);
    await pause(2 * round);
    caller.say(SECRET);
    await speak(200);
    caller.say(VOICE);
    await resume(round);
  }
  await speak(400);
}

/** The loudest that the secret gets in 400 ms; 20 ms of it are -38 dBFS. */
function leaked(file: Buffer): number {
  const { rate, samples } = wavOf(file);
  const loudest = (tone: number) =>
    Math.max(...toneWindows(samples, rate, tone, { windowMs: 400, hopMs: 100 }).map(({ dbfs }) => dbfs));
  expect(loudest(VOICE)).toBeGreaterThan(-20);
  return loudest(SECRET);
}

describeOnAsterisk('quirk 16: a resume overtakes what was said before it', (server) => {
  test('and has the end of it in the file', async () => {
    await using scene = openScene(server);
    await using call = await placeCall(server);
    call.caller.say(VOICE);
    const name = `${scene.app}-late`;
    const path = `/recordings/live/${name}`;
    await scene.ari('POST', `/bridges/${call.bridgeId}/record`, { name, format: 'wav' });
    // How late its end is depends on the moment; on a quiet machine it is sometimes not late at all.
    await secretPauses(
      call,
      20,
      () => scene.ari('POST', `${path}/pause`),
      () => scene.ari('DELETE', `${path}/pause`),
    );
    await scene.ari('POST', `${path}/stop`);
    await until(async () => (await scene.ari('GET', path)).status === 404);
    expect(leaked(await scene.file(name))).toBeGreaterThan(-45);
  });

  test('so the driver lets it pass first', async () => {
    await using scene = openScene(server);
    await scene.listen();
    await using call = await placeCall(server);
    call.caller.say(VOICE);
    const part = await scene.start(asteriskBridge(call.bridgeId));
    await secretPauses(
      call,
      5,
      (ordinal) => scene.driver.doPause(part, command(ordinal), scene.context),
      (ordinal) => scene.driver.doResume(part, command(ordinal + 1), scene.context),
    );
    await scene.driver.doStop(part, command(12), scene.context);
    expect(leaked(await scene.file(`onrecord/${part.correlation}/mixed`))).toBeLessThan(-50);
  });
});
