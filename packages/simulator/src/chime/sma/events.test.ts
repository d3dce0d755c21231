import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { referencePath } from '../testing/reference.ts';
import {
  AGENT,
  APPLICATION,
  action,
  bridge,
  CALLER,
  legA,
  openSmaScene,
  type SmaScene,
  speak,
  startRecording,
  summary,
} from '../testing/sma-scene.ts';
import type { SmaEvent } from './sma-event.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

const FIXTURES = 'aws/events/sma';
const present = existsSync(referencePath(FIXTURES));
if (!present) console.info('skipped: the event fixtures of the Chime SDK are not beside this repository');

/** The shape of a JSON value: names and types. Free maps and echoed parameters are one type. */
function shapeOf(value: unknown, path = ''): unknown {
  if (path === '.ActionData.Parameters' || path.endsWith('.TransactionAttributes')) return 'map';
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, path));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, member]) => [name, shapeOf(member, `${path}.${name}`)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  return typeof value;
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(referencePath(`${FIXTURES}/${name}.docs.json`), 'utf8'));
}

/** An inbound call that goes through everything the fixtures show. */
async function everything(): Promise<readonly SmaEvent[]> {
  const sma = {
    applicationIdMember: 'SipApplicationId',
    statusInNewInboundCall: true,
    failureShape: 'type-and-message',
  } as const;
  scene = await openSmaScene(
    (event) => {
      const { InvocationEventType: type, ActionData: data } = event;
      if (type === 'NEW_INBOUND_CALL') return [speak(event, 'Hello World')];
      if (type === 'ACTION_SUCCESSFUL' && data?.Type === 'Speak') return [startRecording(event)];
      if (type === 'ACTION_SUCCESSFUL' && data?.Type === 'StartCallRecording') {
        return [
          action('ReceiveDigits', {
            CallId: legA(event),
            InputDigitsRegex: '^\\d{2}#$',
            InBetweenDigitsDurationInMilliseconds: 1_000,
            FlushDigitsDurationInMilliseconds: 10_000,
          }),
        ];
      }
      if (type === 'DIGITS_RECEIVED') return [action('PlayAudio', { CallId: legA(event), AudioSource: {} })];
      if (type === 'ACTION_FAILED' && data?.Type === 'PlayAudio') return [action('Speak', { CallId: legA(event) })];
      if (type === 'CALL_UPDATE_REQUESTED') {
        return [
          action('SpeakAndGetDigits', {
            CallId: legA(event),
            SpeechParameters: { Text: 'Digits' },
            FailureSpeechParameters: { Text: 'Again' },
            RepeatDurationInMilliseconds: 3_000,
          }),
        ];
      }
      return undefined;
    },
    { sma },
  );
  const call = await scene.dial();
  await scene.clock.advance(1_000);
  await scene.clock.until(call.press('11#'), 5_000, 10);
  await scene.clock.advance(1_000);
  scene.application.updateCall(call.transactionId, { string: 'string' });
  await scene.clock.advance(1_000);
  await scene.clock.until(call.press('1234#'), 5_000, 10);
  await scene.clock.advance(1_000);
  call.hangUp();
  await scene.clock.idle();
  return scene.events;
}

describe.skipIf(!present)('events have the members that the documentation shows', () => {
  test.each<[string, (event: SmaEvent) => boolean]>([
    ['new-inbound-call', (event) => event.InvocationEventType === 'NEW_INBOUND_CALL'],
    [
      'action-successful.Speak',
      ({ InvocationEventType, ActionData }) =>
        InvocationEventType === 'ACTION_SUCCESSFUL' && ActionData?.Type === 'Speak',
    ],
    ['action-successful.StartCallRecording', ({ ActionData }) => ActionData?.Type === 'StartCallRecording'],
    ['action-successful.SpeakAndGetDigits', ({ ActionData }) => ActionData?.Type === 'SpeakAndGetDigits'],
    [
      'action-failed.Speak',
      ({ InvocationEventType, ActionData }) => InvocationEventType === 'ACTION_FAILED' && ActionData?.Type === 'Speak',
    ],
    ['action-failed.PlayAudio', ({ ActionData }) => ActionData?.Type === 'PlayAudio'],
    ['digits-received', (event) => event.InvocationEventType === 'DIGITS_RECEIVED'],
    ['call-update-requested', (event) => event.InvocationEventType === 'CALL_UPDATE_REQUESTED'],
    ['hangup.single-leg', (event) => event.InvocationEventType === 'HANGUP'],
  ])('%s', async (name, which) => {
    const event = (await everything()).find(which);
    expect(shapeOf(event)).toEqual(shapeOf(fixture(name)));
  });

  test.each([
    ['new-outbound-call', 'NEW_OUTBOUND_CALL'],
    ['ringing', 'RINGING'],
    ['call-answered', 'CALL_ANSWERED'],
  ])('%s', async (name, type) => {
    scene = await openSmaScene(() => [], { sma: { applicationIdMember: 'SipApplicationId' } });
    scene.application.placeOutboundCall(APPLICATION, AGENT);
    await scene.clock.advance(3_000);
    const event = scene.events.find(({ InvocationEventType }) => InvocationEventType === type);
    expect(shapeOf(event)).toEqual(shapeOf(fixture(name)));
  });

  test('invalid-lambda-response', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`key${index}`, 'x']));
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL'
        ? { raw: { SchemaVersion: '1.0', Actions: [], TransactionAttributes: attributes } }
        : undefined,
    );
    await scene.dial();
    const expected = fixture('invalid-lambda-response') as SmaEvent;
    expect(shapeOf(scene.events[1])).toEqual(shapeOf(expected));
    expect(scene.events[1]).toMatchObject({ ErrorType: expected.ErrorType, ErrorMessage: expected.ErrorMessage });
  });

  test('action-failed.CallAndBridge', async () => {
    scene = await openSmaScene((event) => (event.InvocationEventType === 'NEW_INBOUND_CALL' ? [bridge()] : undefined), {
      sma: { applicationIdMember: 'SipApplicationId' },
    });
    scene.chime.phone(AGENT, { name: 'agent', refuses: 'no-answer' });
    await scene.dial();
    await scene.clock.advance(29_999);
    const failed = scene.events.find(({ ActionData }) => ActionData?.Type === 'CallAndBridge');
    expect(failed).toBeUndefined();
    await scene.clock.advance(1);
    expect(shapeOf(scene.events[1])).toEqual(shapeOf(fixture('action-failed.CallAndBridge')));
    expect(scene.events[1]?.ActionData).toMatchObject({
      ErrorType: 'CallNotAnswered',
      ErrorMessage: 'Call not answered',
    });
  });
});

describe('what an event tells', () => {
  test('an application id under its usual name, no status before the answer, times as texts', async () => {
    scene = await openSmaScene(() => undefined);
    const call = await scene.dial();
    expect(scene.events).toEqual([
      {
        SchemaVersion: '1.0',
        Sequence: 1,
        InvocationEventType: 'NEW_INBOUND_CALL',
        CallDetails: {
          TransactionId: call.transactionId,
          AwsAccountId: '111122223333',
          AwsRegion: 'us-east-1',
          SipRuleId: expect.any(String),
          SipMediaApplicationId: scene.application.id,
          Participants: [
            {
              CallId: call.legs[0]!.callId,
              ParticipantTag: 'LEG-A',
              To: APPLICATION,
              From: CALLER,
              Direction: 'Inbound',
              StartTimeInMilliseconds: '1767603600000',
            },
          ],
        },
      },
    ]);
  });

  test('a bridged leg shows once it is connected, and stays when the other leg ends', async () => {
    scene = await openSmaScene((event) => (event.InvocationEventType === 'NEW_INBOUND_CALL' ? [bridge()] : undefined));
    const call = await scene.dial();
    await scene.clock.advance(2_000);
    call.hangUp('LEG-A');
    await scene.clock.idle();
    call.hangUp('LEG-B');
    await scene.clock.until(call.ended);
    expect(summary(scene.events)).toEqual([
      '1 NEW_INBOUND_CALL',
      '2 ACTION_SUCCESSFUL CallAndBridge',
      '3 HANGUP Hangup',
      '4 HANGUP Hangup',
    ]);
    const statuses = scene.events.map(({ CallDetails }) =>
      CallDetails.Participants.map(({ ParticipantTag, Status }) => `${ParticipantTag} ${Status}`),
    );
    expect(statuses).toEqual([
      ['LEG-A undefined'],
      ['LEG-A Connected', 'LEG-B Connected'],
      ['LEG-A Disconnected', 'LEG-B Connected'],
      ['LEG-A Disconnected', 'LEG-B Disconnected'],
    ]);
    expect(scene.events[1]?.CallDetails.Participants[1]).toMatchObject({
      To: AGENT,
      From: CALLER,
      Direction: 'Outbound',
    });
  });

  test('attributes replace, stay or clear as the answer says', async () => {
    const answers = [{ a: '1', b: '2' }, undefined, null, { c: '3' }, {}, undefined];
    let round = 0;
    scene = await openSmaScene((event) => ({
      raw: {
        SchemaVersion: '1.0',
        Actions: [speak(event, 'x')],
        ...(answers[round] === undefined ? {} : { TransactionAttributes: answers[round] }),
        round: round++,
      },
    }));
    await scene.dial();
    await scene.clock.advance(290);
    expect(scene.events.map(({ CallDetails }) => CallDetails.TransactionAttributes)).toEqual([
      undefined,
      { a: '1', b: '2' },
      { a: '1', b: '2' },
      { a: '1', b: '2' },
      { c: '3' },
    ]);
    await scene.clock.advance(60);
    expect(scene.events.at(-1)?.CallDetails).not.toHaveProperty('TransactionAttributes');
  });
});
