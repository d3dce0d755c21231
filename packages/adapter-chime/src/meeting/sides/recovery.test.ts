import { inspect } from 'node:util';
import {
  createRecorder,
  type DriverContext,
  memorySessionStore,
  type Outcome,
  type RecordingEvent,
  type StartPlan,
} from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { LIVE_URL, live, openSidesScene, type SidesScene, STREAM_KEY } from '../../testing/sides-scene.ts';
import { chimeMeeting } from '../driver.ts';

const both = { live: 'youtube', streams: { pool: 'calls', type: 'mixed' } };
const output = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

const options = (scene: SidesScene) => ({
  ...scene.chime.clientConfig(),
  bucket: 'recordings',
  prefix: 'meetings',
  s3: scene.s3.clientConfig(),
});
const sideTypes = ['MediaLiveConnectorPipeline', 'MediaStreamPipeline'];
const pipelines = (scene: SidesScene) =>
  scene.chime
    .pipelines()
    .filter(({ type }) => sideTypes.includes(type))
    .map(({ type, status }) => `${type} ${status}`);

function planOf(scene: SidesScene): StartPlan {
  const sessionId = '01890000-0000-7000-8000-000000000000';
  return {
    sessionId,
    partId: 'p1',
    correlation: `${sessionId}.p1`,
    call: scene.call,
    output,
    command: { commandId: 'c1', ordinal: 1, token: 'start-token-1', firstSentAt: '2026-01-01T00:00:00.000Z' },
    startPaused: false,
    providerOptions: both,
  };
}
const factsOf = (outcome: Outcome | 'absent') =>
  outcome === 'absent' ? {} : Object.assign({}, ...(outcome.reports ?? []).map(({ seen }) => seen.facts ?? {}));

describe('side outputs after a crash', () => {
  test.each(['same-pipeline', 'new-request'] as const)(
    'between their creation and the record are found, not begun twice (a repeated token is a %s)',
    async (tokenReplay) => {
      await using scene = await openSidesScene({ events: false, chime: { pipelines: { tokenReplay } } });
      await scene.pool();
      const context: DriverContext = { clock: scene.clock, signal: AbortSignal.timeout(10_000) };
      const first = await chimeMeeting({ ...options(scene), sides: { live } }).doStart(planOf(scene), context);
      await scene.pass(5_000);
      // What the first process knew is lost; the second one finds the capture by its sink.
      const second = await chimeMeeting({ ...options(scene), sides: { live } }).doFind(planOf(scene), context);
      expect(factsOf(second)).toMatchObject({
        'side.live': { pipelineId: factsOf(first)['side.live'].pipelineId, state: 'running' },
        'side.streams': { pipelineId: factsOf(first)['side.streams'].pipelineId, state: 'running' },
      });
      expect(pipelines(scene)).toEqual(['MediaLiveConnectorPipeline InProgress', 'MediaStreamPipeline InProgress']);
    },
  );

  test('whose answers were lost are begun once, and ended', async () => {
    await using scene = await openSidesScene();
    await scene.pool();
    for (const match of ['CreateMediaLiveConnectorPipeline', 'CreateMediaStreamPipeline']) {
      scene.chime.faults.next({ match, fault: 'drop-before-answer' });
    }
    const session = await scene.record(both);
    await scene.pass(60_000);
    expect(pipelines(scene)).toEqual(['MediaLiveConnectorPipeline InProgress', 'MediaStreamPipeline InProgress']);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect(pipelines(scene)).toEqual(['MediaLiveConnectorPipeline Stopped', 'MediaStreamPipeline Stopped']);
    expect(await scene.anomalies()).toEqual([]);
  });

  test('whose answers were lost just before the stop are found by their tag (ListMediaPipelines, ListTagsForResource), and ended', async () => {
    await using scene = await openSidesScene({ events: false });
    scene.chime.faults.next({ match: 'CreateMediaLiveConnectorPipeline', fault: 'drop-before-answer' });
    scene.chime.faults.next({ match: 'CreateMediaLiveConnectorPipeline', fault: 'drop-before-work', times: 20 });
    const session = await scene.record({ live: 'youtube' });
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect(pipelines(scene)).toEqual(['MediaLiveConnectorPipeline Stopped']);
    expect(scene.requests(/ListTags/)).not.toEqual([]);
  });

  test('are ended by another process, which need not know the address', async () => {
    await using scene = await openSidesScene();
    await scene.pool();
    const { id } = await scene.record(both);
    await scene.pass(10_000);
    await scene.recorder.close();
    const other = createRecorder(chimeMeeting(options(scene)), {
      store: scene.store,
      clock: scene.clock,
      deployment: 'test',
      emulate: ['pause-by-segments'],
    });
    const session = await other.attach(id);
    await scene.settle(session.stop());
    await scene.pass(200_000);
    expect(pipelines(scene)).toEqual(['MediaLiveConnectorPipeline Stopped', 'MediaStreamPipeline Stopped']);
    expect(scene.chime.published()).toMatchObject([{ to: expect.any(Number) }]);
    const { parts, snapshot } = await scene.saved();
    expect(parts[0]?.facts?.['finalized']).toBe(true);
    expect(snapshot.anomalies).toEqual([]);
    await other.close();
  });
});

describe('the address of a live output', () => {
  test('is in no record, event, log line, error, file or inspection: only in the request', async () => {
    await using scene = await openSidesScene({ events: false });
    const seen: unknown[] = [];
    const events: RecordingEvent[] = [];
    const line = (fields: object, message: string) => void seen.push(inspect(fields, { depth: 20 }), message);
    const say = (...content: unknown[]) => void seen.push(inspect(content, { depth: 20 }));
    const store = memorySessionStore();
    // What the service itself says in an error is the SDK's to log.
    const client = { logger: { trace: say, debug: say, info: say, warn: say, error() {} } };
    const driver = chimeMeeting({ ...options(scene), sides: { live, always: { live: 'youtube' } }, client });
    const recorder = createRecorder(driver, {
      store,
      clock: scene.clock,
      deployment: 'test',
      emulate: ['pause-by-segments'],
      logger: { debug: line, info: line, warn: line, error: line },
      sinks: [{ name: 'test', deliver: async (event) => void events.push(event) }],
    });
    const echo = (status: number, name: string) => ({
      status,
      headers: { 'x-amzn-errortype': name, 'content-type': 'application/json' },
      body: JSON.stringify({ Message: `The sink ${LIVE_URL} with ${STREAM_KEY} is wrong.` }),
    });
    scene.chime.faults.next({
      match: 'CreateMediaLiveConnectorPipeline',
      fault: echo(503, 'ServiceUnavailableException'),
    });
    const session = await scene.settle(recorder.start({ call: scene.call, output, consent }));
    await scene.pass(60_000);
    expect(scene.chime.published()).toMatchObject([{ url: LIVE_URL }]);
    scene.chime.faults.next({ match: 'CreateMediaLiveConnectorPipeline', fault: echo(400, 'BadRequestException') });
    scene.chime.faults.next({ match: 'DeleteMediaPipeline', fault: echo(403, 'ForbiddenException') });
    await scene.settle(session.pause());
    await scene.settle(session.resume());
    await scene.pass(60_000);
    await scene.settle(session.stop());
    await scene.pass(120_000);
    const record = await store.load(session.id);
    expect(record?.snapshot.anomalies.map(({ code }) => code)).toContain('side-failed');
    const wrong = await scene
      .settle(recorder.start({ call: scene.call, output, consent, providerOptions: { live: 'no' } }))
      .catch((error: unknown) => error);
    const files = scene.s3
      .list('recordings')
      .map(({ key, bytes }) => `${key} ${Buffer.from(bytes).toString('latin1')}`);
    const everything = [
      JSON.stringify(record),
      JSON.stringify(events),
      JSON.stringify(await session.snapshot()),
      inspect(wrong, { depth: 20, showHidden: true }),
      inspect(driver, { depth: 20 }),
      JSON.stringify(driver),
      ...seen.map(String),
      ...files,
    ].join('\n');
    expect(events.length).toBeGreaterThan(5);
    expect(everything).toContain('CreateMediaLiveConnectorPipelineCommand');
    expect(everything).toContain('side-failed');
    for (const part of [LIVE_URL, STREAM_KEY, 'live.example']) expect(everything).not.toContain(part);
    await recorder.close();
  });
});
