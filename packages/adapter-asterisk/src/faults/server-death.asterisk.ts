import { readFile, rm, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { placeCall } from '../testing/phones/index.ts';
import { speak, until } from '../testing/scene.ts';
import { startAsterisk } from '../testing/server/index.ts';
import { describeWithOwnAsterisk } from '../testing/server/lane.ts';
import { fileOf, openLab } from './testing/fault-lab.ts';
import { heard } from './testing/heard.ts';

const broke = 'warn worker: the connection for the events of a provider broke, to be made again';

describeWithOwnAsterisk('a server that is ended mid-recording (SIGTERM)', (suite) => {
  test('finishes its files first: they are fetched while it ends, or once it is back', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(1_200);
    await server.kill('SIGTERM');
    await speak(400);
    await server.restart();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect(['call-ended', 'provider-error']).toContain(snapshot.endReason);
    const file = await heard(fileOf(snapshot, 'master'), [440]);
    expect(file.integrity).toBe('complete');
    expect(file.ms).toBeGreaterThan(900);
    expect(file.msOf('440')).toBeGreaterThan(200);
    expect(lab.said('warn')).toContain(broke);
    expect(lab.said('error').filter((line) => line.startsWith('error'))).toEqual([]);
  });
});

describeWithOwnAsterisk('a server that is killed mid-recording (SIGKILL)', (suite) => {
  test('leaves part of a file: it is kept as it is, with a repaired copy, and said to be short', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    const path = `${server.recordings}/onrecord/${session.id}.p1/mixed.wav`;
    // It writes blocks of 32 KiB: two seconds each.
    await until(async () => (await stat(path)).size > 32_000);
    await speak(1_500);
    await server.kill('SIGKILL');
    const left = await readFile(path);
    await speak(1_500);
    await server.restart();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'provider-error', verdict: 'short' });

    const master = fileOf(snapshot, 'master');
    expect((await readFile(new URL(master.location))).equals(left)).toBe(true);
    expect(master).toMatchObject({ state: 'stored', problem: expect.stringMatching(/announces no length/) });
    const copy = fileOf(snapshot, 'derived');
    expect(copy).toMatchObject({ derivedFrom: master.id, state: 'stored', durationMs: master.durationMs });
    const repaired = await heard(copy, [440]);
    expect(repaired).toMatchObject({ integrity: 'complete', ms: Math.floor((left.length - 44) / 16) });
    expect(repaired.msOf('440')).toBeGreaterThan(500);

    expect(snapshot.anomalies.map(({ code }) => code)).toEqual(['broken-off', 'duration-mismatch']);
    await until(() => lab.events.filter((name) => name === 'recording.anomaly').length === 2);
    await until(() => lab.said('warn').filter((line) => line.includes('something is wrong')).length === 2);
    const manifest = JSON.parse(await readFile(new URL(fileOf(snapshot, 'manifest').location), 'utf8'));
    expect(manifest).toMatchObject({ anomalies: [{ code: 'broken-off' }, { code: 'duration-mismatch' }] });
  });

  test('leaves nothing of a short one: it is lost, and said to be', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(800);
    await server.kill('SIGKILL');
    expect((await stat(`${server.recordings}/onrecord/${session.id}.p1/mixed.wav`)).size).toBe(44);
    await server.restart();
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing', artifacts: [] });
    await until(() => lab.events.includes('recording.missing'));
    expect(lab.events).toContain('recording.failed');
    await expect
      .poll(() => lab.said('error'))
      .toEqual(['error recording: it failed', 'error recording: no file of it is there']);
  });

  test('leaves an Opus file of no bytes: it is lost, and said to be', async (context) => {
    context.skip(suite !== 'asterisk-22', 'Asterisk 16 writes no Opus files');
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server);
    await using call = await placeCall(server);
    call.caller.say(440);
    const session = await lab.recorder.start({
      call: asteriskBridge(call.bridgeId),
      output: { media: 'audio', layout: 'mixed', container: 'ogg' },
    });
    await speak(800);
    await server.kill('SIGKILL');
    expect((await stat(`${server.recordings}/onrecord/${session.id}.p1/mixed.opus`)).size).toBe(0);
    await server.restart();
    expect(await lab.settled(session)).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing' });
  });

  test('whose disk is gone as well leaves no file at all: it is missing, and lost only once it was denied for long enough', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server, { intervals: { missingAfterMs: 500, lostAfterMs: 1_500 } });
    await using call = await placeCall(server);
    const session = await lab.recorder.start({ call: asteriskBridge(call.bridgeId) });
    await speak(300);
    await server.kill('SIGKILL');
    await rm(`${server.recordings}/onrecord`, { recursive: true });
    await server.restart();
    const missing = await lab.until(session.id, ({ verdict }) => verdict === 'missing');
    expect(missing.snapshot).toMatchObject({ state: 'processing', endReason: 'provider-error' });
    await until(() => lab.said('error').includes('error worker: a recording is missing'));
    const snapshot = await lab.settled(session);
    expect(snapshot).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing' });
    const { endedAt = '' } = snapshot.parts[0] ?? {};
    expect(Date.now() - Date.parse(endedAt)).toBeGreaterThan(1_500);
  });

  test('and never comes back: nothing hangs, nothing is taken for over or for lost, and it is said', async () => {
    await using server = await startAsterisk({ suite });
    await using lab = await openLab(server, {
      deadlines: { stop: 4_000, pause: 4_000 },
      intervals: { steadyPollMs: 200, missingAfterMs: 300, lostAfterMs: 600 },
    });
    await using call = await placeCall(server);
    const session = await lab.recorder.start({ call: asteriskChannel(call.caller.channelId) });
    await speak(300);
    await server.kill('SIGKILL');
    const paused = await lab.rejection(session.pause());
    const stopped = await lab.rejection(session.stop());
    for (const error of [paused, stopped]) {
      expect(error).toMatchObject({ code: 'timeout' });
      expect(error.message).toContain('Asterisk cannot be reached (ECONNREFUSED)');
    }
    const unasked = () => lab.log.filter(({ message }) => message === 'worker: the provider could not be asked');
    await until(() => unasked().length > 2);
    expect(unasked()[0]?.fields).toMatchObject({
      err: { code: 'unavailable', retry: 'safe', message: expect.stringContaining('that Asterisk runs') },
    });
    // Nobody has denied the recording: it may well run, behind a line that is cut.
    const snapshot = await session.snapshot();
    expect(snapshot).toMatchObject({ state: 'stopping', parts: [{ capturing: true }], verdict: 'pending' });
    expect(snapshot.anomalies.map(({ code }) => code)).toEqual(['command-timed-out', 'command-timed-out']);
    expect(lab.said('warn')).toContain(broke);
    await until(() => lab.said('warn').filter((line) => line.includes('something is wrong')).length === 2);
    await server.restart();
    expect(await lab.settled(session)).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing' });
  });
});
