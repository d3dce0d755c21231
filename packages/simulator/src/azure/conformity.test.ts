import { expect, test } from 'vitest';
import { VirtualCall } from '../call/virtual-call.ts';
import { shapeProblems } from './schema/shape.ts';
import { openScene } from './testing/scene.ts';
import { answerShapes } from './testing/shapes/answer-shapes.ts';
import { eventShapes } from './testing/shapes/event-shapes.ts';
import { signedFetch } from './testing/signed-fetch.ts';

/** Ways in which a body departs from the table of its definition. */
function departures(name: string, body: unknown): readonly string[] {
  const shape = answerShapes[name];
  if (!shape) throw new Error(`no table for ${name}`);
  return shapeProblems(shape, body).map((problem) => `${name}: ${problem}`);
}

test('every answer of the API conforms to the table of its definition', async () => {
  await using scene = await openScene();
  const { azure, call, callbackUri } = scene;
  const leg = `/calling/callConnections/${call.callConnectionId}`;
  const post = (path: string, body?: unknown) => signedFetch(azure, { method: 'POST', path, body });
  const started = await post('/calling/recordings', { callConnectionId: call.callConnectionId });
  const ringing = azure.ring({ call: new VirtualCall(scene.clock), from: 'ada', to: '+15550999' });
  const { incomingCallContext } = ringing;
  const callLocator = { kind: 'serverCallLocator', serverCallId: call.serverCallId };
  const answers: readonly (readonly [string, { readonly body: unknown }])[] = [
    ['RecordingStateResponse', started],
    [
      'RecordingStateResponse',
      await signedFetch(azure, { path: `/calling/recordings/${started.body['recordingId']}` }),
    ],
    ['CallConnectionProperties', await signedFetch(azure, { path: leg })],
    ['CallConnectionProperties', await post('/calling/callConnections:answer', { incomingCallContext, callbackUri })],
    ['CallConnectionProperties', await post('/calling/callConnections:connect', { callLocator, callbackUri })],
    [
      'CallConnectionProperties',
      await post('/calling/callConnections', {
        targets: [{ rawId: '4:+15550123' }],
        source: { id: '8:acs:us' },
        sourceCallerIdNumber: { value: '+15550999' },
        sourceDisplayName: 'Us',
        callbackUri,
      }),
    ],
    ['GetParticipantsResponse', await signedFetch(azure, { path: `${leg}/participants` })],
    ['CallParticipant', await signedFetch(azure, { path: `${leg}/participants/4:%2B15550100` })],
    ['CommunicationErrorResponse', await post(`${leg}:play`, { playSources: [] })],
  ];
  expect(answers.flatMap(([name, { body }]) => departures(name, body))).toEqual([]);
});

const failure = { code: 400, subCode: 8_523, message: 'No.' };

test('every event that the simulator sends by itself conforms to the table of its definition, and all were sent', async () => {
  await using scene = await openScene({ behaviour: { playStarted: true, settleMs: 0 } });
  const { azure, app, call, clock, callbackUri } = scene;
  await azure.subscribe({ url: `${app.url}/grid` });
  const post = (path: string, body?: unknown) => signedFetch(azure, { method: 'POST', path, body });
  const file = { kind: 'file', file: { uri: `${app.url}/no-such-file` } };
  const leg = `/calling/callConnections/${call.callConnectionId}`;
  await post(`${leg}:play`, { playSources: [file] });
  await clock.advance(1_000);
  const spoken = { playSources: [{ kind: 'text', text: { text: 'Hello' } }] };
  const talking = scene.place({ cognitiveServicesEndpoint: 'https://ai.example', operationContext: 'mine' });
  await clock.advance(1_000);
  await post(`/calling/callConnections/${talking.callConnectionId}:play`, spoken);
  await clock.advance(1_000);
  await post(`/calling/callConnections/${talking.callConnectionId}:play`, spoken);
  await post(`/calling/callConnections/${talking.callConnectionId}:cancelAllMediaOperations`);
  const recording = { callConnectionId: call.callConnectionId, recordingStateCallbackUri: callbackUri };
  azure.failNextStart(failure);
  await post('/calling/recordings', recording);
  await clock.advance(1_000);
  await post('/calling/recordings', recording);
  const callLocator = { kind: 'serverCallLocator', serverCallId: call.serverCallId };
  azure.failNextCall(failure);
  await post('/calling/callConnections:connect', { callLocator, callbackUri });
  azure.failNextCall(failure);
  await post('/calling/callConnections', { targets: [{ rawId: '8:acs:x' }], callbackUri });
  const details = { teamsPhoneCallDetails: { intent: 'buy' }, sipHeaders: { a: 'b' } };
  const { incomingCallContext } = azure.ring({
    call: new VirtualCall(clock),
    from: 'ada',
    to: 'us',
    customContext: details,
  });
  azure.failNextCall(failure);
  await post('/calling/callConnections:answer', { incomingCallContext, callbackUri });
  await clock.advance(1_000);
  talking.addParticipant({ name: 'third' }, 'add');
  talking.tell('AddParticipantFailed', { participant: { rawId: '8:acs:x' }, resultInformation: failure });
  talking.tell('CallTransferFailed', { resultInformation: failure });
  talking.transfer('+15550777');
  call.end();
  await clock.advance(1_000);
  const seen = new Map<string, readonly string[]>();
  for (const event of app.events()) {
    const name =
      String(event['type'] ?? event['eventType'])
        .split('.')
        .at(-1) ?? '';
    const shape = eventShapes[name];
    if (!shape) continue;
    const { version: _, publicEventType: __, ...data } = event.data;
    seen.set(name, [...(seen.get(name) ?? []), ...shapeProblems(shape, data)]);
  }
  expect(Object.fromEntries([...seen].filter(([, problems]) => problems.length > 0))).toEqual({});
  expect([...seen.keys()].sort()).toEqual(Object.keys(eventShapes).sort());
});
