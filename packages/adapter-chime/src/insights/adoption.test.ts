import { readWav, toneLevel } from '@onrecord/core/media';
import type { EventBridgeEvent } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import {
  AGENT_HZ,
  CALLER_HZ,
  consent,
  EVENT_SECRET,
  enhancement,
  type InsightsScene,
  openInsightsScene,
  recording,
  records,
  transcription,
  voices,
} from '../testing/insights-scene.ts';

const any = { adopt: { voiceConnectors: 'any' } } as const;

/** A call that was recorded without us, from its beginning to its file. */
async function recorded(scene: InsightsScene, ms = 10_000) {
  const call = (await scene.connector()).placeCall(voices);
  await scene.pass(ms);
  call.end();
  await scene.pass(120_000);
  return call;
}

/** Hands messages to a recorder that heard nothing yet. */
async function tell(scene: InsightsScene, messages: readonly unknown[]): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const message of messages) {
    const headers = { 'x-onrecord-key': EVENT_SECRET };
    const request = new Request('http://localhost/hook', { method: 'POST', headers, body: JSON.stringify(message) });
    statuses.push((await scene.recorder.ingest(request)).status);
  }
  return statuses;
}

describe('a Voice Connector call that is recorded by itself', () => {
  test('becomes one session, from its first event to the file with both voices apart', async () => {
    await using scene = await openInsightsScene({ driver: any });
    const connector = await scene.connector();
    const call = connector.placeCall(voices);
    await scene.pass(5_000);
    const running = await scene.session();
    expect(running.snapshot.state).toBe('recording');
    expect(running.commands).toMatchObject([{ kind: 'start', adopted: true }]);
    expect(running.call).toMatchObject({ kind: 'chime.kvs-streams', key: `${connector.id}/${call.transactionId}` });
    await scene.pass(5_000);
    call.end();
    await scene.pass(120_000);
    const { snapshot } = await scene.session();
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
    const master = snapshot.artifacts.find(({ role }) => role === 'master');
    expect(master).toMatchObject({ state: 'stored', durationMs: 10_000, channels: 2 });
    expect(master?.source).toMatch(`s3://recordings/calls/${connector.id}/${call.transactionId}_`);
    const { channels, sampleRate } = readWav(
      scene.s3.get('recordings', master!.source.slice('s3://recordings/'.length))!.bytes,
    );
    const [account, pstn] = master!.tracks.map(({ channel = 0 }) => channels[channel]!);
    expect(toneLevel(account!, sampleRate, AGENT_HZ)).toBeGreaterThan(-15);
    expect(toneLevel(pstn!, sampleRate, CALLER_HZ)).toBeGreaterThan(-15);
  });

  test('can be stopped before its end, by the pipeline that its events named', async () => {
    await using scene = await openInsightsScene({ driver: any });
    (await scene.connector()).placeCall(voices);
    await scene.pass(5_000);
    const session = await scene.recorder.attach((await scene.session()).id);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect((await scene.session()).snapshot).toMatchObject({ state: 'completed', endReason: 'requested' });
    expect(scene.operations()).toContain('DeleteMediaPipeline 204');
  });

  test.each(['lost', 'duplicated', 'reversed'] as const)(
    'with every second event %s is the same session',
    async (fault) => {
      await using scene = await openInsightsScene({ driver: any });
      let count = 0;
      scene.chime.eventBridge.faults.next({ match: () => count++ % 2 === 0, fault, times: 20 });
      await recorded(scene);
      expect((await scene.session()).snapshot).toMatchObject({
        state: 'completed',
        endReason: 'call-ended',
        verdict: 'present',
      });
    },
  );

  test('is adopted by whichever message comes, alone: each of them makes the session that the others join', async () => {
    await using source = await openInsightsScene({ events: false, elements: [transcription, recording, records] });
    await recorded(source);
    const events: readonly unknown[] = [...source.chime.eventBridge.events(), ...source.chime.kinesis.records()];
    const ids = new Set<string>();
    for (const [index, first] of events.entries()) {
      await using scene = await openInsightsScene({ events: false, driver: any, chime: { accountId: '111122223333' } });
      await scene.pass(source.clock.now() - scene.clock.now());
      await tell(scene, [first]);
      ids.add((await scene.session()).id);
      await tell(
        scene,
        events.filter((_, at) => at !== index),
      );
      const { snapshot } = await scene.session();
      expect(snapshot.endReason).toBe('call-ended');
      expect(snapshot.artifacts.filter(({ role }) => role === 'master')).toHaveLength(1);
    }
    expect(ids.size).toBe(1);
  });

  test('whose pipeline could not be created is a failed session that says why', async () => {
    await using scene = await openInsightsScene({ driver: any });
    scene.chime.insightsFaults.next({ match: 'create', fault: 'access-denied' });
    await recorded(scene);
    expect((await scene.session()).snapshot).toMatchObject({ state: 'failed', endReason: 'permission-denied' });
  });

  test('of which only the end of its streams is told is missed: a recording was expected', async () => {
    await using scene = await openInsightsScene({ driver: any });
    scene.chime.deliveryFaults.next({ match: 'insights-recording', fault: 'never' });
    scene.chime.eventBridge.faults.next({
      match: (event: EventBridgeEvent) => event['detail-type'] === 'Media Insights State Change',
      fault: 'lost',
      times: 20,
    });
    await recorded(scene);
    await scene.pass(900_000);
    expect((await scene.session()).snapshot.verdict).toBe('missing');
  });

  test('is told of by Kinesis alone, enhanced copy and all', async () => {
    await using scene = await openInsightsScene({
      driver: any,
      events: false,
      kinesis: true,
      elements: [recording, enhancement, records],
    });
    await recorded(scene);
    const { snapshot } = await scene.session();
    expect(snapshot).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present' });
    const roles = snapshot.artifacts.filter(({ role }) => role !== 'manifest').map(({ role, state }) => [role, state]);
    expect(roles.sort()).toEqual([
      ['derived', 'stored'],
      ['master', 'stored'],
    ]);
    expect(snapshot.artifacts.find(({ role }) => role === 'derived')?.source).toMatch(/_enhanced\.wav$/);
  });
});

describe('what is left alone', () => {
  test.each([
    ['no connector, without adopt', {}],
    ['another connector', { adopt: { voiceConnectors: ['another'] } }],
  ])('%s', async (_, driver) => {
    await using scene = await openInsightsScene({ driver, kinesis: true, elements: [recording, records] });
    await recorded(scene);
    expect(await scene.store.list()).toEqual([]);
  });

  test('a recording by another configuration', async () => {
    await using source = await openInsightsScene({ events: false });
    await recorded(source);
    const [created] = source.chime.eventBridge
      .events()
      .filter(({ detail }) => detail['eventType'] === 'chime:MediaInsightsCreated');
    const detail = {
      ...created?.detail,
      mediaInsightsPipelineConfigurationArn: `${String(created?.detail['mediaInsightsPipelineConfigurationArn'])}-2`,
    };
    await using scene = await openInsightsScene({ events: false, driver: any });
    await tell(scene, [{ ...created, detail }]);
    expect(await scene.store.list()).toEqual([]);
  });
});

test('a program may record a connector call by itself, with the streams of ALL_STARTED', async () => {
  await using scene = await openInsightsScene({ chime: { insights: { allStarted: true } } });
  const connector = scene.chime.createVoiceConnector();
  connector.streaming = { DataRetentionInHours: 24, Disabled: false };
  await scene.pass(300_000);
  const call = connector.placeCall(voices);
  const [event] = scene.chime.eventBridge.events().filter(({ detail }) => detail['streamingStatus'] === 'ALL_STARTED');
  const parsed = await scene.driver.parse(
    { transport: 'queue', headers: {}, body: Buffer.from(JSON.stringify(event)) },
    { signal: AbortSignal.timeout(5_000), clock: scene.clock },
  );
  const [notice] = parsed.calls;
  expect(notice).toMatchObject({ type: 'call.connected', direction: 'inbound', from: '+12065550100' });
  const session = await scene.settle(scene.recorder.start({ call: notice!.call, consent }));
  await scene.pass(5_000);
  call.end();
  await scene.pass(60_000);
  expect(await session.snapshot()).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present' });
});
