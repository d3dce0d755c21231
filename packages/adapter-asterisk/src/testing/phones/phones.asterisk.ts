import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { readWav, rmsWindows, toneLevel, toneWindows } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { describeOnAsterisk, describeWithOwnAsterisk, type LaneServer } from '../server/lane.ts';
import { startAsterisk } from '../server/start-asterisk.ts';
import { Refused } from './ari-request.ts';
import { Exchange } from './exchange.ts';
import { type PlacedCall, placeCall } from './place-call.ts';

const PRESENT = -20;
const ABSENT = -50;

/** A voice may have holes where the machine was too busy for media in real time, but not many. */
const HOLDS = 0.7;

/** Lets the call go on for a while: media runs in real time. */
const talk = (ms: number): Promise<void> => delay(ms);

/** A recording of the bridge, made with nothing but HTTP. */
async function record(server: LaneServer, call: PlacedCall, meanwhile: () => Promise<void>): Promise<Int16Array> {
  const name = `phones-${randomUUID()}`;
  const send = (method: string, path: string): Promise<Response> => {
    const authorization = `Basic ${Buffer.from(`${server.username}:${server.password}`).toString('base64')}`;
    return fetch(`${server.url}${path}`, { method, headers: { authorization } });
  };
  const ask = async (method: string, path: string): Promise<Response> => {
    const response = await send(method, path);
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response;
  };
  const poll = { timeout: 10_000, interval: 20 };
  const live = `/recordings/live/${name}`;
  await ask('POST', `/bridges/${call.bridgeId}/record?name=${name}&format=wav`);
  await expect.poll(async () => (await ask('GET', live)).json(), poll).toMatchObject({ state: 'recording' });
  await meanwhile();
  await ask('POST', `${live}/stop`);
  // On a busy machine the answer comes before the file is closed, and up to 32 KiB of it are missing until then.
  await expect.poll(async () => (await send('GET', live)).status, poll).toBe(404);
  const file = await (await ask('GET', `/recordings/stored/${name}/file`)).arrayBuffer();
  await ask('DELETE', `/recordings/stored/${name}`);
  const wav = readWav(new Uint8Array(file));
  expect(wav.sampleRate).toBe(8_000);
  return wav.channels[0] ?? new Int16Array();
}

/** The part of the windows in which a tone is there. */
function share(samples: Int16Array, frequencyHz: number): number {
  const windows = toneWindows(samples, 8_000, frequencyHz, { windowMs: 100 });
  return windows.filter(({ dbfs }) => dbfs > PRESENT).length / windows.length;
}

describeOnAsterisk('phones', (server) => {
  test('both voices are in a recording of the bridge, in their turns and for their time', async () => {
    await using call = await placeCall(server);
    call.caller.say(440);
    const samples = await record(server, call, async () => {
      await talk(1000);
      call.caller.say(undefined);
      call.callee.say(1030);
      await talk(1000);
    });
    const half = samples.length / 2;
    expect(samples.length / 8).toBeGreaterThan(1800);
    expect(samples.length / 8).toBeLessThan(3000);
    expect(share(samples.subarray(0, half - 1600), 440)).toBeGreaterThan(HOLDS);
    expect(toneLevel(samples.subarray(0, half - 1600), 8_000, 1030)).toBeLessThan(ABSENT);
    expect(share(samples.subarray(half + 1600), 1030)).toBeGreaterThan(HOLDS);
    expect(toneLevel(samples.subarray(half + 1600), 8_000, 440)).toBeLessThan(ABSENT);
  });

  test('a tone holds without a hole', async () => {
    await using call = await placeCall(server);
    call.caller.say(440);
    await talk(300);
    const samples = await record(server, call, () => talk(3000));
    expect(share(samples.subarray(1600), 440)).toBeGreaterThan(HOLDS);
  });

  test('each hears the other and not themselves', async () => {
    await using call = await placeCall(server);
    call.caller.say(440);
    call.callee.say(1030);
    await talk(1000);
    const caller = (await call.caller.heard()).subarray(-4000);
    const callee = (await call.callee.heard()).subarray(-4000);
    expect(toneLevel(caller, 8_000, 1030)).toBeGreaterThan(PRESENT);
    expect(toneLevel(caller, 8_000, 440)).toBeLessThan(ABSENT);
    expect(toneLevel(callee, 8_000, 440)).toBeGreaterThan(PRESENT);
    expect(toneLevel(callee, 8_000, 1030)).toBeLessThan(ABSENT);
  });

  test('a phone that withholds its silence is silent all the same', async () => {
    await using call = await placeCall(server, { callee: { silence: 'withheld' } });
    call.caller.say(440);
    const samples = await record(server, call, async () => {
      await talk(600);
      call.caller.say(undefined);
      await talk(800);
    });
    expect(samples.length / 8).toBeGreaterThan(1300);
    for (const { dbfs } of rmsWindows(samples.subarray(-4000), 8_000)) expect(dbfs).toBeLessThan(ABSENT);
  });

  test('a clip is played once, from its beginning to its end', async () => {
    await using call = await placeCall(server);
    const clip = Int16Array.from({ length: 4000 }, (_, at) =>
      Math.round(8000 * Math.sin((2 * Math.PI * 700 * at) / 8000)),
    );
    const samples = await record(server, call, async () => {
      await call.callee.play(clip);
      await talk(500);
    });
    const heard = toneWindows(samples, 8_000, 700, { windowMs: 20 }).filter(({ dbfs }) => dbfs > PRESENT).length * 20;
    expect(heard).toBeGreaterThanOrEqual(300);
    expect(heard).toBeLessThanOrEqual(600);
  });

  test('one who joins late is heard, and no more after leaving', async () => {
    await using call = await placeCall(server);
    call.caller.say(440);
    const samples = await record(server, call, async () => {
      await talk(500);
      const third = await call.joinLate();
      third.say(1730);
      await talk(700);
      await call.leave(third);
      await talk(700);
    });
    expect(call.phones).toHaveLength(2);
    expect(toneLevel(samples.subarray(0, 3200), 8_000, 1730)).toBeLessThan(ABSENT);
    expect(share(samples, 1730)).toBeGreaterThan(0.2);
    expect(toneLevel(samples.subarray(-4000), 8_000, 1730)).toBeLessThan(ABSENT);
    expect(toneLevel(samples.subarray(-4000), 8_000, 440)).toBeGreaterThan(PRESENT);
  });

  test('a call that ended leaves no channel and no bridge', async () => {
    const call = await placeCall(server);
    const channels = call.phones.map(({ channelId }) => channelId);
    await call.end();
    await call.end();
    const exchange = await Exchange.open(server, `look-${randomUUID()}`);
    const status = (path: string): Promise<number> =>
      exchange.request('GET', path).then(
        () => 200,
        (error: unknown) => (error instanceof Refused ? error.status : 0),
      );
    for (const path of [...channels.map((id) => `/channels/${id}`), `/bridges/${call.bridgeId}`]) {
      await expect.poll(() => status(path), { timeout: 10_000 }).toBe(404);
    }
    await exchange.close();
  });

  test('eight calls at once are all heard', async () => {
    const calls = await Promise.all(Array.from({ length: 8 }, () => placeCall(server)));
    for (const [index, call] of calls.entries()) call.caller.say(400 + 110 * index);
    const recordings = await Promise.all(calls.map((call) => record(server, call, () => talk(2000))));
    await Promise.all(calls.map((call) => call.end()));
    for (const [index, samples] of recordings.entries()) {
      expect(share(samples.subarray(1600), 400 + 110 * index), `call ${index}`).toBeGreaterThan(HOLDS);
    }
  });
});

describeWithOwnAsterisk('phones of a server that dies', (suite) => {
  test('end without an error', async () => {
    await using server = await startAsterisk({ suite });
    const call = await placeCall(server);
    call.caller.say(440);
    await server.kill('SIGKILL');
    await call.end();
    expect(await readFile(`${server.state}/etc/ari.conf`, 'utf8')).toContain('onrecord');
  });
});
