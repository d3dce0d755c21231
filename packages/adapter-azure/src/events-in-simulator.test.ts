import { type CallNotice, OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { connected, openRecorder } from './testing/recorder-scene.ts';
import { gridSecret, openScene, type Scene } from './testing/scene.ts';

const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
const failure = { code: 408, subCode: 10_057, message: 'Request Timeout. DiagCode: 408#10057.@' };

/** What was told of the leg, each notice once. */
function toldOf(scene: Scene, callConnectionId: string | undefined): readonly CallNotice['type'][] {
  const own = scene.calls().filter(({ call }) => call.key === callConnectionId);
  return [...new Map(own.map((notice) => [notice.noticeId, notice.type])).values()];
}

describe('calls that the SDK makes', () => {
  test.each(['AnswerFailed', 'CreateCallFailed', 'ConnectFailed'] as const)(
    '%s is the end of an attempt',
    async (name) => {
      await using scene = await openScene();
      const { client } = scene.driver.native();
      const url = scene.driver.callbackUrl();
      const ringing = scene.azure.ring({ call: scene.call.call, from: '+15550111', to: '+15550122' });
      scene.azure.failNextCall(failure);
      const attempts = {
        AnswerFailed: () => client.answerCall(ringing.incomingCallContext, url),
        CreateCallFailed: () => client.createCall({ targetParticipant: { communicationUserId: '8:acs:x' } }, url),
        ConnectFailed: () => client.connectCall({ kind: 'serverCallLocator', id: scene.call.serverCallId }, url),
      };
      const { callConnectionProperties } = await attempts[name]();
      await scene.clock.advance(60_000);
      expect(toldOf(scene, callConnectionProperties.callConnectionId)).toEqual(['call.ended']);
    },
  );

  test('IncomingCall is counted as unhandled, its context kept by nobody; CallConnected follows the answer', async () => {
    await using scene = await openScene();
    await scene.azure.subscribe({ url: scene.gridUrl });
    const before = scene.heard.length;
    const ringing = scene.azure.ring({ call: scene.call.call, from: '+15550111', to: '+15550122' });
    await scene.clock.advance(1_000);
    const [delivered] = scene.heard.slice(before);
    expect(new TextDecoder().decode(delivered?.request.body)).toContain(ringing.incomingCallContext);
    expect(delivered).toMatchObject({ parsed: { reports: [], calls: [], unhandled: 1 } });
    const { client } = scene.driver.native();
    const answer = await client.answerCall(ringing.incomingCallContext, scene.driver.callbackUrl(), {
      operationContext: 'theirs',
    });
    await scene.clock.advance(1_000);
    const id = answer.callConnectionProperties.callConnectionId;
    expect(toldOf(scene, id)[0]).toBe('call.connected');
  });

  test('CallTransferAccepted says nothing of our leg, and CallDisconnected ends it', async () => {
    await using scene = await openScene();
    scene.call.transfer('+15550177', 'theirs');
    await scene.clock.advance(1_000);
    const transferred = scene.heard.find(({ request }) =>
      new TextDecoder().decode(request.body).includes('CallTransferAccepted'),
    );
    expect(transferred).toMatchObject({ parsed: { calls: [], unhandled: 1 } });
    expect(toldOf(scene, scene.call.callConnectionId).at(-1)).toBe('call.ended');
  });

  test.each(['RecognizeCompleted', 'ContinuousDtmfRecognitionToneReceived', 'TypeOfTomorrow'])(
    '%s of the service is counted as unhandled',
    async (name) => {
      await using scene = await openScene();
      scene.call.tell(name, { tone: 'four', dtmfResult: { tones: ['four'] } });
      await scene.clock.advance(1_000);
      expect(scene.heard.at(-1)).toMatchObject({ parsed: { reports: [], calls: [], unhandled: 1 } });
    },
  );
});

describe('tokens of callbacks', () => {
  test.each([
    'expired',
    'early',
    'foreign-audience',
    'foreign-issuer',
    'foreign-key',
    'unknown-key',
    'unsigned',
    'symmetric',
    'missing',
  ] as const)('%s: the callback is refused, and the recording is known by asking all the same', async (fault) => {
    await using opened = await openRecorder();
    const { scene, recorder, errors } = opened;
    const { ref } = await connected(scene);
    scene.azure.tokenFaults.next({ match: 'RecordingStateChanged', fault, times: 10 });
    const session = await scene.clock.until(recorder.start({ call: ref, output }));
    await scene.clock.advance(30_000);
    expect((await session.snapshot()).state).toBe('recording');
    expect((await session.record()).reports.filter(({ via }) => via === 'push')).toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((error) => OnRecordError.is(error, 'signature-invalid'))).toBe(true);
  });

  test.each(['kept', 'gone'] as const)(
    'by a new key are accepted at once, whether the old one is %s or not',
    async (oldKey) => {
      await using opened = await openRecorder();
      const { scene, recorder, errors } = opened;
      const { ref } = await connected(scene);
      await scene.azure.rotateCallbackKey({ oldKey });
      const session = await scene.clock.until(recorder.start({ call: ref, output }));
      await scene.clock.advance(10_000);
      const { reports } = await session.record();
      expect(reports.some(({ via, seen }) => via === 'push' && seen.capturing === true)).toBe(true);
      expect(errors).toEqual([]);
    },
  );
});

describe('another instance of the service goes on with a recording', () => {
  test('files with one recordingId and one index are all kept, though stop found nothing', async () => {
    await using opened = await openRecorder();
    const { scene, recorder, errors } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref, output }));
    await scene.clock.advance(10_000);
    scene.azure.failOver(scene.azure.recordingIds().at(-1) ?? '');
    await scene.clock.advance(10_000);
    await scene.clock.until(session.stop());
    call.end();
    await scene.clock.advance(300_000);
    const { artifacts, state } = await session.snapshot();
    const masters = artifacts.filter(({ role }) => role === 'master');
    expect(masters).toHaveLength(2);
    expect(new Set(masters.map(({ mediaKey }) => mediaKey)).size).toBe(2);
    expect(state).toBe('completed');
    expect(errors).toEqual([]);
  });
});

describe('a dead letter of Event Grid', () => {
  test.each(['EventGridSchema', 'CloudEventSchemaV1_0'] as const)(
    'fed back by hand finishes its session, in %s',
    async (schema) => {
      const eventGrid = { secret: gridSecret, queue: true };
      await using opened = await openRecorder({ driver: { eventGrid } });
      const { scene, recorder } = opened;
      const subscription = await scene.azure.subscribe({ url: scene.gridUrl, schema, name: 'kept', deadLetter: true });
      const { call, ref } = await connected(scene);
      const session = await scene.clock.until(recorder.start({ call: ref, output }));
      await scene.clock.advance(6_000);
      // A proxy in front of the webhook is broken.
      scene.handTo(async () => new Response(null, { status: 400 }));
      call.end();
      await scene.clock.advance(900_000);
      const letters = subscription.deadLetters();
      expect(letters).toHaveLength(1);
      expect((await session.snapshot()).artifacts).toEqual([]);
      const blob = new Request(`${scene.origin}/by-hand`, { method: 'POST', body: JSON.stringify(letters) });
      expect((await recorder.ingest(blob, { transport: 'queue' })).status).toBe(200);
      expect(await scene.clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'late' });
    },
  );
});
