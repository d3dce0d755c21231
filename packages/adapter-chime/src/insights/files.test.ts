import { describe, expect, test } from 'vitest';
import {
  consent,
  enhancement,
  type InsightsScene,
  openInsightsScene,
  recording,
  records,
  transcription,
} from '../testing/insights-scene.ts';

const begin = async (scene: InsightsScene, request: object = {}) => {
  const call = scene.call();
  const session = await scene.settle(scene.recorder.start({ call: call.ref, consent, ...request }));
  return { call, session };
};

describe('what becomes of the file', () => {
  test('an enhanced copy is kept as derived; the recording is the one without its name', async () => {
    await using scene = await openInsightsScene({ elements: [recording, enhancement, records], kinesis: true });
    const { call } = await begin(scene);
    await scene.pass(5_000);
    call.end();
    await scene.pass(120_000);
    const { artifacts, verdict } = (await scene.session()).snapshot;
    expect(verdict).toBe('present');
    const files = artifacts
      .filter(({ role }) => role !== 'manifest')
      .map(({ role, source }) => [role, source.split('/').at(-1)]);
    expect(files.sort()).toEqual([
      ['derived', 'recording_enhanced.wav'],
      ['master', 'recording.wav'],
    ]);
  });

  test.each([
    ['recording', 'failed', 'storage-error'],
    ['transcription', 'completed', 'call-ended'],
    ['enhancement', 'completed', 'call-ended'],
  ] as const)('a %s that fails for good leaves the session %s', async (match, state, endReason) => {
    await using scene = await openInsightsScene({ elements: [transcription, recording, enhancement] });
    scene.chime.insightsFaults.next({ match, fault: 'fails' });
    const { call, session } = await begin(scene);
    await scene.pass(5_000);
    call.end();
    await scene.pass(180_000);
    expect(await session.snapshot()).toMatchObject({ state, endReason });
    expect(scene.chime.eventBridge.events().at(-1)?.detail['eventType']).toBe('chime:MediaInsightsPermanentFailure');
  });

  test('a role that may not be assumed is told by the sink, and by asking where events are lost', async () => {
    for (const events of [true, false]) {
      await using scene = await openInsightsScene({ events });
      scene.chime.insightsFaults.next({ match: 'role', fault: 'access-denied' });
      const call = scene.call();
      const started = scene.settle(scene.recorder.start({ call: call.ref, consent }));
      await expect(started).rejects.toMatchObject({ name: 'OnRecordError' });
      const { state, endReason } = (await scene.session()).snapshot;
      expect([state, endReason]).toEqual(['failed', events ? 'permission-denied' : 'storage-error']);
    }
  });
});

describe('refusals', () => {
  test('ResourceLimitExceeded at 20 pipelines is repeated until the deadline, and told as the reason', async () => {
    await using scene = await openInsightsScene({ chime: { insights: { maxActive: 0 } } });
    await expect(scene.settle(scene.recorder.start({ call: scene.call().ref, consent }))).rejects.toThrow();
    const { commands, state } = (await scene.session()).snapshot;
    expect([state, commands[0]?.error?.code]).toEqual(['failed', 'quota-exceeded']);
  });

  test('streams of another region, one stream, and other calls are refused before any request', async () => {
    await using scene = await openInsightsScene();
    const before = scene.operations().length;
    const { ref } = scene.call();
    const streams = ref.data.streams.map((arn) => arn.replace('us-east-1', 'us-west-2'));
    for (const data of [{ streams }, { streams: streams.slice(1) }, {}]) {
      const started = scene.settle(
        scene.recorder.start({ call: { ...ref, key: JSON.stringify(data), data }, consent }),
      );
      await expect(started).rejects.toMatchObject({ code: expect.stringMatching(/unsupported|invalid-request/) });
    }
    expect(scene.operations()).toHaveLength(before);
  });

  test('options of a start that are wrong are one error, and nothing is sent', async () => {
    await using scene = await openInsightsScene();
    const providerOptions = {
      from: 'yesterday',
      fragmentSelector: 'server_timestamp',
      metadat: {},
      metadata: { onrecord: 'x', ' ': 'y', long: 'x'.repeat(4_097) },
    };
    const call = scene.call().ref;
    const before = scene.operations().length;
    const started = scene.settle(scene.recorder.start({ call, consent, providerOptions }));
    await expect(started).rejects.toMatchObject({
      code: 'invalid-request',
      context: {
        problems: [
          expect.stringContaining('did you mean metadata?'),
          expect.stringMatching(/^from: /),
          expect.stringMatching(/^fragmentSelector: /),
          expect.stringContaining('taken by OnRecord'),
          expect.stringContaining('1 to 1,024 characters'),
          expect.stringContaining('at most 4,096 characters'),
        ],
      },
    });
    expect(scene.operations()).toHaveLength(before);
  });
});
