import { readWav } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { announceThenRecord, bridge, openSmaScene, story } from '../testing/sma-scene.ts';

test('a call is announced, recorded from the notice on, bridged, and its file is expected where it lands', async () => {
  await using scene = await openSmaScene({
    onCall: announceThenRecord,
    ivr: (event) => (event.InvocationEventType === 'NEW_INBOUND_CALL' ? { after: [bridge()] } : undefined),
  });
  const call = scene.dial();
  await scene.pass(60_000);
  call.hangUp('LEG-A');
  await scene.pass(1_000);
  call.hangUp('LEG-B');
  await scene.pass(10_000);
  expect(story(scene)).toEqual([
    'NEW_INBOUND_CALL → Speak',
    'ACTION_SUCCESSFUL Speak → StartCallRecording',
    'ACTION_SUCCESSFUL StartCallRecording → CallAndBridge',
    'ACTION_SUCCESSFUL CallAndBridge → -',
    'HANGUP Hangup → -',
    'HANGUP Hangup → -',
  ]);
  expect(scene.notices.map(({ type }) => type)).toEqual([
    'call.connected',
    'call.announced',
    'call.connected',
    'call.ended',
    'call.ended',
  ]);
  const [record] = await scene.records();
  expect(record?.snapshot).toMatchObject({ state: 'processing', endReason: 'call-ended' });
  const expected = record?.reports.flatMap(({ seen }) => seen.expects ?? []);
  const uri = expected?.find((one) => one.uri)?.uri;
  const key = uri?.replace('s3://recordings/', '') ?? '';
  expect(key).toContain(`calls/${record?.id}/`);
  const object = scene.s3.get('recordings', key);
  expect(readWav(object!.bytes).channels).toHaveLength(2);
  expect(scene.logs).toEqual([]);
});
