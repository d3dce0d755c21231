import { decodeMp4Audio } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MeetingScene, openMeetingScene } from '../../testing/meeting-scene.ts';
import type { Remuxed } from '../chunks/remux.ts';
import type { CapturedPart } from './reconcatenate.ts';

const output = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;
const day = 24 * 3_600_000;

let scene: MeetingScene;
let part: CapturedPart & { readonly correlation: string; readonly output: typeof output };
beforeEach(async () => {
  scene = await openMeetingScene();
  const session = await scene.settle(scene.recorder.start({ call: scene.call, output, consent }));
  await scene.pass(22_000);
  await scene.settle(session.stop());
  await scene.pass(30_000);
  const record = (await scene.store.load(session.id))!;
  const [first] = record.parts;
  part = { sessionId: record.id, partId: first!.id, correlation: `${record.id}.${first!.id}`, output, ...first! };
});
afterEach(() => scene[Symbol.asyncDispose]());

const creations = () =>
  scene.chime.requests().filter(({ operation }) => operation === 'CreateMediaConcatenationPipeline').length;
/** The part as its record held it before anything was joined. */
const unjoined = () => {
  const { concatenationId: _, finalized: __, ...facts } = part.facts ?? {};
  return { ...part, facts };
};
const step = { stepId: 'step', token: 'a-token', asOfOrdinal: 1 };
const contextAt = (nowMs: number) => ({
  signal: new AbortController().signal,
  clock: { now: () => nowMs, monotonic: () => nowMs, delay: async () => {} },
});

describe('with the chunks of a part', () => {
  test('inventory() lists the streams and changes nothing', async () => {
    const { streams, unknown } = await scene.driver.native().inventory(part);
    expect(streams.map(({ stream, chunks }) => [stream, chunks > 0])).toEqual([
      ['audio', true],
      ['meeting-events', true],
    ]);
    expect(unknown.count).toBe(0);
  });

  test('examine() measures what the service made of them', async () => {
    const { verdict, durationMs, figures } = await scene.driver.native().examine(part);
    expect(verdict).toBe('whole');
    expect(Math.abs((durationMs ?? 0) - (figures?.expectedMs ?? 0))).toBeLessThan(100);
    expect(figures?.endedMs).toBeGreaterThan(figures?.fromMs ?? Number.POSITIVE_INFINITY);
  });

  test('reconcatenate() sends CreateMediaConcatenationPipeline again, and its file lies where it said', async () => {
    const before = creations();
    const native = scene.driver.native();
    const made = await native.reconcatenate(part, { nowMs: scene.clock.now() });
    await scene.pass(30_000);
    expect(creations()).toBe(before + 1);
    expect(scene.s3.get('recordings', made.uri.replace('s3://recordings/', ''))?.bytes.length).toBeGreaterThan(0);
    expect(await native.examine(part, { destination: made.destination })).toMatchObject({ verdict: 'whole' });
    const again = await native.reconcatenate(part, { nowMs: scene.clock.now(), token: made.destination.slice(-36) });
    expect(again).toEqual(made);
  });

  test('remux() joins them here', async () => {
    let done: Remuxed | undefined;
    const pieces: Uint8Array[] = [];
    for await (const piece of scene.driver.native().remux(part, { onDone: (what) => (done = what) }))
      pieces.push(piece);
    const { durationMs } = await decodeMp4Audio(new Uint8Array(Buffer.concat(pieces)));
    expect(durationMs).toBeGreaterThan(21_000);
    expect(done).toMatchObject({ skipped: 0, durationMs: Math.round(durationMs) });
  });

  test('that was never started nothing can be joined again', async () => {
    await expect(scene.driver.native().reconcatenate({ ...part, handle: undefined })).rejects.toMatchObject({
      code: 'invalid-state',
    });
  });
});

describe('chunks of more than 30 days', () => {
  test('are refused by reconcatenate() before a request leaves', async () => {
    const before = creations();
    const asked = scene.driver.native().reconcatenate(part, { nowMs: scene.clock.now() + 31 * day });
    await expect(asked).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('captured 31 days ago'),
    });
    expect(creations()).toBe(before);
  });

  test.each([
    [29, 'are joined by CreateMediaConcatenationPipeline the day before', 1],
    [31, 'are joined here, for the service would refuse them', 0],
  ])('(%i days) %s', async (days, _, requests) => {
    const before = creations();
    const context = contextAt(scene.clock.now() + days * day);
    const begun = await scene.driver.doFinalize(unjoined(), step, context);
    expect(creations() - before).toBe(requests);
    const seen = begun.reports?.map((report) => report.seen) ?? [];
    const told = seen.flatMap(({ anomaly }) => anomaly?.message ?? []);
    if (requests === 0) {
      const facts = Object.assign({}, unjoined().facts, ...seen.map((one) => one.facts));
      const ended = await scene.driver.doFinalize({ ...part, facts }, step, context);
      expect(ended.reports?.flatMap((report) => report.seen.media ?? [])).toEqual([
        expect.objectContaining({ uri: expect.stringMatching(/^chime-chunks:/), role: 'master' }),
      ]);
    }
    expect(told).toEqual(requests === 0 ? [expect.stringContaining('older than the 30 days')] : []);
  });
});

describe('opening chunks as one file', () => {
  const open = async (
    change: { readonly source?: string; readonly partId?: string; readonly prefix?: string },
    first = 0,
  ) => {
    const prefix = `meetings/${part.sessionId}/p1`;
    const artifact = {
      id: 'p1-master-0',
      mediaKey: 'key',
      partId: change.partId ?? 'p1',
      role: 'master',
      state: 'available',
      location: '',
      source: change.source ?? `chime-chunks://recordings/${prefix}/audio`,
      tracks: [],
    } as const;
    const access = { prefix: change.prefix ?? prefix, video: false };
    const options = { access, ...(first > 0 ? { range: { first } } : {}) };
    const { body } = await scene.driver.doOpenArtifact(artifact, options, contextAt(scene.clock.now()));
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  test('reads on where a line broke, with the same bytes', async () => {
    const whole = await open({});
    expect((await open({}, 1_000)).equals(whole.subarray(1_000))).toBe(true);
    expect(whole.length).toBeGreaterThan(10_000);
  });

  test.each([
    ['another bucket', { source: 'chime-chunks://secrets/meetings/x/p1/audio' }],
    ['the whole bucket', { source: 'chime-chunks://recordings/audio', prefix: '' }],
    ['another prefix', { source: 'chime-chunks://recordings/payroll/audio', prefix: 'payroll' }],
    [
      'a prefix that climbs',
      { source: 'chime-chunks://recordings/meetings/../payroll/audio', prefix: 'meetings/../payroll' },
    ],
    ['another part', { partId: 'p2' }],
    ['an object of S3', { source: 's3://recordings/meetings/x' }],
  ])('is refused for %s', async (_, change) => {
    await expect(open(change)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('names no chunks'),
    });
  });

  test('fails when less comes of them than was captured, lest a short file pass for the recording', async () => {
    const prefix = `meetings/${part.sessionId}/p1`;
    const artifact = { source: `chime-chunks://recordings/${prefix}/audio`, partId: 'p1' };
    const access = { prefix, video: false, fromMs: 0, toMs: 60_000 };
    const { body } = await scene.driver.doOpenArtifact(
      { ...artifact, id: 'x', mediaKey: 'x', role: 'master', state: 'available', location: '', tracks: [] },
      { access },
      contextAt(scene.clock.now()),
    );
    const read = async () => {
      for await (const _ of body);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'integrity-failed',
      message: expect.stringContaining('60000 ms'),
    });
  });
});
