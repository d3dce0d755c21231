import { describe, expect, test } from 'vitest';
import type { AzureOptions } from './config/options.ts';
import { connected, type OpenedRecorder, openRecorder, refusal, withoutCallbacks } from './testing/recorder-scene.ts';
import { poll } from './testing/scene.ts';

/** Whether the process that began goes on, or ends and leaves the store to another one. */
const processes = ['in the same process', 'in another process'] as const;
type Process = (typeof processes)[number];

async function goOn(opened: OpenedRecorder, process: Process): Promise<void> {
  if (process === 'in another process') await opened.restart();
}

async function attached(opened: OpenedRecorder, sessionId: string) {
  return opened.recorder.attach(sessionId);
}

/** What the service itself says of the only recording: `active`, `inactive`, or what it refuses with. */
async function serviceSays({ scene }: OpenedRecorder): Promise<unknown> {
  const { recording } = scene.driver.native();
  const [recordingId = ''] = scene.azure.recordingIds();
  return recording.getState(recordingId).then(
    ({ recordingState }) => recordingState,
    (error: { readonly code?: unknown }) => error.code,
  );
}

const learnt: readonly [string, Partial<AzureOptions>][] = [
  ['by callbacks', {}],
  ['by asking alone', withoutCallbacks],
];

describe.each(learnt)('`inactive` means what our own commands tell, learnt %s', (_how, driver) => {
  const slow = { resource: { behaviour: { settleMs: 5_000 } } };
  const slowStart = { resource: { behaviour: { startStatus: 202, settleMs: 40_000 } } } as const;

  test.each(processes)('a start that was answered 202 and is not active yet is starting, %s', async (process) => {
    await using opened = await openRecorder(slowStart, driver);
    const { clock } = opened.scene;
    const { call, ref } = await connected(opened.scene);
    const { id } = await clock.until(opened.recorder.start({ call: ref }, { until: 'accepted' }));
    await goOn(opened, process);
    const session = await attached(opened, id);
    await clock.advance(20_000);
    expect(await serviceSays(opened)).toBe('inactive');
    expect(await session.snapshot()).toMatchObject({ state: 'starting', pauses: [], anomalies: [] });
    await clock.advance(40_000);
    expect(await session.snapshot()).toMatchObject({ state: 'recording', pauses: [], anomalies: [] });
    call.end();
    await clock.until(session.settled());
  });

  test.each(processes)('pauseOnStart is paused until it is resumed, %s', async (process) => {
    await using opened = await openRecorder({}, driver);
    const { clock } = opened.scene;
    const { call, ref } = await connected(opened.scene);
    const { id } = await clock.until(opened.recorder.start({ call: ref, startPaused: true }));
    await goOn(opened, process);
    const session = await attached(opened, id);
    await clock.advance(300_000);
    expect(await serviceSays(opened)).toBe('inactive');
    expect(await session.snapshot()).toMatchObject({ state: 'paused', anomalies: [] });
    expect(opened.scene.requests('ResumeRecording')).toEqual([]);
    await clock.until(session.resume());
    expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [] });
    await clock.advance(5_000);
    call.end();
    expect(await clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'present' });
  });

  test('pauseOnStart that is never resumed leaves no file, and is said to be empty', async () => {
    await using opened = await openRecorder({}, driver);
    const { clock } = opened.scene;
    const { call, ref } = await connected(opened.scene);
    const session = await clock.until(opened.recorder.start({ call: ref, startPaused: true }));
    await clock.advance(60_000);
    call.end();
    expect(await clock.until(session.settled())).toMatchObject({
      state: 'completed',
      endReason: 'empty',
      anomalies: [],
    });
  });

  test.each(processes)('a pause stays a pause however often it is asked about, %s', async (process) => {
    await using opened = await openRecorder({}, driver);
    const { clock } = opened.scene;
    const { call, ref } = await connected(opened.scene);
    const { id } = await clock.until(opened.recorder.start({ call: ref }));
    await clock.until((await attached(opened, id)).pause());
    await goOn(opened, process);
    const session = await attached(opened, id);
    await clock.advance(1_800_000);
    expect(await serviceSays(opened)).toBe('inactive');
    expect(await session.snapshot()).toMatchObject({ state: 'paused', pauses: [{ effect: 'omitted' }], anomalies: [] });
    expect(opened.scene.requests('ResumeRecording')).toEqual([]);
    await clock.until(session.resume());
    call.end();
    expect(await clock.until(session.settled())).toMatchObject({ state: 'completed', endReason: 'call-ended' });
  });

  test.each(processes)(
    'a pause that another process had commanded, and nobody saw proven, is proven %s',
    async (process) => {
      await using opened = await openRecorder(slow, driver);
      const { clock } = opened.scene;
      const { call, ref } = await connected(opened.scene);
      const { id } = await clock.until(opened.recorder.start({ call: ref }));
      await clock.until((await attached(opened, id)).pause({ until: 'accepted' }));
      await goOn(opened, process);
      const session = await attached(opened, id);
      expect((await session.snapshot()).state).toBe('recording');
      await clock.advance(20_000);
      expect(await session.snapshot()).toMatchObject({ state: 'paused', anomalies: [] });
      call.end();
      await clock.until(session.settled());
    },
  );

  test.each(processes)('a stop on its way is no pause, and its end is seen, %s', async (process) => {
    await using opened = await openRecorder(slow, driver);
    const { clock } = opened.scene;
    const { ref } = await connected(opened.scene);
    const { id } = await clock.until(opened.recorder.start({ call: ref }));
    await clock.until((await attached(opened, id)).stop({ until: 'accepted' }));
    await goOn(opened, process);
    const session = await attached(opened, id);
    await clock.advance(20_000);
    expect(await serviceSays(opened)).toBe('8522');
    expect(await session.snapshot()).toMatchObject({ state: 'processing', pauses: [], anomalies: [] });
    expect(await clock.until(session.settled())).toMatchObject({ state: 'completed', endReason: 'requested' });
  });

  test.each(processes)('a call that is over ends its recording, %s', async (process) => {
    await using opened = await openRecorder({}, driver);
    const { clock } = opened.scene;
    const { call, ref } = await connected(opened.scene);
    const { id } = await clock.until(opened.recorder.start({ call: ref }));
    await clock.advance(5_000);
    await goOn(opened, process);
    call.end();
    const session = await attached(opened, id);
    expect(await clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'present', pauses: [] });
  });
});

describe('`inactive` that nothing explains', () => {
  const paused = async (options: Partial<AzureOptions>) => {
    const opened = await openRecorder({}, options);
    const { clock, azure, driver } = opened.scene;
    const { call, ref } = await connected(opened.scene);
    const session = await clock.until(opened.recorder.start({ call: ref }));
    await clock.advance(2_000);
    azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost', times: 1 });
    const { recording } = driver.native();
    const [recordingId = ''] = azure.recordingIds();
    await recording.pause(recordingId);
    await clock.advance(120_000);
    return { opened, call, session, recording, recordingId };
  };

  test.each(learnt)(
    'leaves the session as recorded, with the anomaly unknown-inactive, learnt %s (the only one is lost)',
    async (_how, options) => {
      const { opened, call, session } = await paused(options);
      await using _ = opened;
      expect(await session.snapshot()).toMatchObject({
        state: 'recording',
        pauses: [],
        anomalies: [
          { code: 'unknown-inactive', message: expect.stringContaining('also says of a recording that is over') },
        ],
      });
      expect(opened.published()).toContain('recording.anomaly');
      expect(opened.scene.requests('ResumeRecording')).toEqual([]);
      call.end();
      expect(await opened.scene.clock.until(session.settled())).toMatchObject({
        state: 'completed',
        verdict: 'present',
      });
    },
  );

  test('is told once, whoever asks and however often', async () => {
    const { opened, call, session } = await paused({});
    await using _ = opened;
    await opened.restart();
    const again = await attached(opened, session.id);
    await opened.scene.clock.advance(600_000);
    expect((await again.snapshot()).anomalies).toMatchObject([{ code: 'unknown-inactive' }]);
    expect(opened.published().filter((name) => name === 'recording.anomaly')).toHaveLength(1);
    call.end();
    await opened.scene.clock.until(again.settled());
  });

  test('is over when the recording is found to capture again', async () => {
    const { opened, call, session, recording, recordingId } = await paused(withoutCallbacks);
    await using _ = opened;
    await recording.resume(recordingId);
    await opened.scene.clock.advance(120_000);
    expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [] });
    call.end();
    await opened.scene.clock.until(session.settled());
  });

  test('ends as soon as the service no longer knows the recording: 404/8522', async () => {
    const { opened, call, session, recording, recordingId } = await paused(withoutCallbacks);
    await using _ = opened;
    await recording.stop(recordingId);
    await opened.scene.clock.advance(60_000);
    expect(await serviceSays(opened)).toBe('8522');
    expect((await session.snapshot()).parts).toMatchObject([{ state: 'ended' }]);
    call.end();
    expect(await opened.scene.clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'present' });
  });
});

describe('what a question says, GetRecordingProperties', () => {
  test.each<[string, Parameters<typeof refusal>, object]>([
    ['8522 at 404', [404, '8522'], { capturing: false, ended: true }],
    ['8522 at 410', [410, '8522'], { capturing: false, ended: true }],
    ['8501 at 400', [400, '8501'], { capturing: false, ended: true, endReason: 'call-ended' }],
    ['8528 at 400', [400, '8528'], { capturing: false, ended: true, endReason: 'call-ended' }],
    ['8543 at 404', [404, '8543'], { capturing: false, ended: true, endReason: 'call-ended' }],
  ])('%s is an end', async (_name, answer, seen) => {
    await using opened = await openRecorder();
    const { scene } = opened;
    const part = await scene.recording();
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault: refusal(...answer) });
    expect(await scene.driver.doStatus(part, poll(1), scene.context)).toMatchObject([{ seen }]);
  });

  test.each(['Active', 'ACTIVE', 'active'])('the state %s is capture, in whatever letters', async (recordingState) => {
    await using opened = await openRecorder();
    const { scene } = opened;
    const part = await scene.recording();
    const body = JSON.stringify({ recordingState });
    const fault = { status: 200, headers: { 'content-type': 'application/json' }, body };
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault });
    expect(await scene.driver.doStatus(part, poll(1), scene.context)).toMatchObject([{ seen: { capturing: true } }]);
  });
});
