import { existsSync, readFileSync } from 'node:fs';
import { readWav, toneLevel } from '@onrecord/core/media';
import { afterEach, describe, expect, test } from 'vitest';
import { tone } from '../../../call/virtual-call.ts';
import type { Attendee } from '../../meetings/attendee.ts';
import type { SimulatedMeeting } from '../../meetings/simulated-meeting.ts';
import { referencePath } from '../../testing/reference.ts';
import {
  AGENT_HZ,
  APPLICATION,
  action,
  bridge,
  CALLER_HZ,
  legA,
  openSmaScene,
  type SmaScene,
  startRecording,
  summary,
} from '../../testing/sma-scene.ts';
import type { SmaCall } from '../sma-call.ts';
import type { SmaAction, SmaEvent } from '../sma-event.ts';
import type { SmaOptions } from '../sma-options.ts';

let scene: SmaScene;
let meeting: SimulatedMeeting;
let seat: Attendee;
afterEach(() => scene?.[Symbol.asyncDispose]());

function join(event: SmaEvent, more: Readonly<Record<string, unknown>> = {}): SmaAction {
  const { meetingId: MeetingId } = meeting;
  return action('JoinChimeMeeting', { JoinToken: seat.joinToken, CallId: legA(event), MeetingId, ...more });
}

/** A meeting with one person in it; a call is answered with `first`, then as `more` says. */
async function callMeeting(
  first: (event: SmaEvent) => readonly SmaAction[] = (event) => [join(event)],
  more: (event: SmaEvent) => readonly SmaAction[] | undefined = () => undefined,
  sma: SmaOptions = {},
): Promise<SmaCall> {
  scene = await openSmaScene((event) => (event.Sequence === 1 ? first(event) : more(event)), { sma });
  meeting = scene.chime.createMeeting();
  meeting.join({ externalUserId: 'host', source: tone(AGENT_HZ) });
  seat = meeting.add('phone');
  return scene.dial();
}

const statuses = () =>
  scene.events.at(-1)?.CallDetails.Participants.map(({ ParticipantTag, Status }) => `${ParticipantTag} ${Status}`);

describe('JoinChimeMeeting', () => {
  test('answers the caller and takes them in; the meeting is LEG-B, and the token comes back', async () => {
    const call = await callMeeting();
    await scene.clock.advance(500);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL JoinChimeMeeting']);
    expect(scene.events[1]?.ActionData?.Parameters).toMatchObject({ JoinToken: seat.joinToken });
    expect(scene.events[1]?.CallDetails.Participants[1]).toMatchObject({
      ParticipantTag: 'LEG-B',
      To: 'SMA',
      From: APPLICATION,
      Direction: 'Outbound',
      Status: 'Connected',
    });
    expect(meeting.present.map(({ externalUserId }) => externalUserId)).toEqual(['host', 'phone']);
    expect(call.legs.map(({ status }) => status)).toEqual(['Connected', 'Connected']);
  });

  test('the caller hears the meeting and the meeting hears the caller, key tones included', async () => {
    const call = await callMeeting(undefined, (event) =>
      event.ActionData?.Type === 'JoinChimeMeeting' ? [startRecording(event)] : undefined,
    );
    await scene.clock.advance(2_000);
    await scene.clock.until(call.press('5', { toneMs: 500 }), 1_000, 10);
    const end = scene.clock.now();
    call.hangUp();
    await scene.clock.advance(5_000);
    const [object] = scene.s3.list('recordings');
    const [incoming, outgoing] = readWav(object!.bytes).channels;
    expect(toneLevel(incoming!, 8_000, CALLER_HZ)).toBeGreaterThan(-15);
    expect(toneLevel(incoming!, 8_000, AGENT_HZ)).toBeLessThan(-60);
    expect(toneLevel(outgoing!, 8_000, AGENT_HZ)).toBeGreaterThan(-15);
    expect(toneLevel(outgoing!, 8_000, CALLER_HZ)).toBeLessThan(-60);
    const heard = meeting.call.render(['phone'], end - 500, end);
    expect(toneLevel(heard, 8_000, CALLER_HZ)).toBeGreaterThan(-15);
    expect(toneLevel(heard, 8_000, 770)).toBeGreaterThan(-17);
  });

  test('when the caller hangs up the meeting leg ends too, and only the caller is told of', async () => {
    const call = await callMeeting();
    await scene.clock.advance(1_000);
    call.hangUp();
    await scene.clock.until(call.ended);
    expect(summary(scene.events).slice(2)).toEqual(['3 HANGUP Hangup']);
    expect(statuses()).toEqual(['LEG-A Disconnected', 'LEG-B Disconnected']);
    expect(meeting.present.map(({ externalUserId }) => externalUserId)).toEqual(['host']);
  });

  test('when the meeting ends LEG-B hangs up, and the caller stays', async () => {
    await callMeeting();
    await scene.clock.advance(1_000);
    meeting.end();
    await scene.clock.idle();
    expect(scene.events.at(-1)?.ActionData).toMatchObject({ Type: 'Hangup', Parameters: { ParticipantTag: 'LEG-B' } });
    expect(statuses()).toEqual(['LEG-A Connected', 'LEG-B Disconnected']);
  });

  test('when the attendee is removed LEG-B hangs up', async () => {
    await callMeeting();
    await scene.clock.advance(1_000);
    meeting.remove(seat.attendeeId);
    await scene.clock.idle();
    expect(summary(scene.events).slice(2)).toEqual(['3 HANGUP Hangup']);
    expect(statuses()).toEqual(['LEG-A Connected', 'LEG-B Disconnected']);
  });

  test.each([
    ['success', ['3 ACTION_SUCCESSFUL Hangup']],
    ['success-and-hangup', ['3 HANGUP Hangup', '4 ACTION_SUCCESSFUL Hangup']],
  ] as const)('Hangup of the meeting leg is told by %s', async (meetingLegHangup, events) => {
    await callMeeting(
      undefined,
      (event) =>
        event.ActionData?.Type === 'JoinChimeMeeting' ? [action('Hangup', { ParticipantTag: 'LEG-B' })] : undefined,
      { meetingLegHangup },
    );
    await scene.clock.advance(1_000);
    expect(summary(scene.events).slice(2)).toEqual(events);
    expect(statuses()).toEqual(['LEG-A Connected', 'LEG-B Disconnected']);
    expect(meeting.present).toHaveLength(1);
  });

  test('is not interrupted by new actions', async () => {
    const call = await callMeeting(undefined, (event) =>
      event.InvocationEventType === 'CALL_UPDATE_REQUESTED' ? [action('Hangup')] : undefined,
    );
    scene.application.updateCall(call.transactionId, {});
    await scene.clock.advance(499);
    expect(summary(scene.events)).toHaveLength(2);
    await scene.clock.advance(1);
    expect(summary(scene.events).slice(2)).toEqual(['3 ACTION_SUCCESSFUL JoinChimeMeeting', '4 HANGUP Hangup']);
  });
});

describe('what JoinChimeMeeting refuses', () => {
  test.each<[string, () => Readonly<Record<string, unknown>>]>([
    ['no token', () => ({ JoinToken: undefined })],
    ['an empty token', () => ({ JoinToken: '' })],
    ["another attendee's token, gone by now", () => ({ JoinToken: remove() })],
    ['no meeting id', () => ({ MeetingId: undefined })],
    ['a meeting that is not there', () => ({ MeetingId: 'somewhere' })],
    ['a meeting that is over', () => ({ MeetingId: over() })],
    ['LEG-B', () => ({ ParticipantTag: 'LEG-B' })],
  ])('%s', async (_, more) => {
    await callMeeting((event) => [join(event, more())]);
    await scene.clock.advance(1_000);
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType: 'InvalidActionParameter', ErrorMessage: 'JoinToken parameter value is invalid.' },
    });
    expect(statuses()).toEqual(['LEG-A Connected']);
  });

  test('a bridged call', async () => {
    await callMeeting(
      () => [bridge()],
      (event) => (event.ActionData?.Type === 'CallAndBridge' ? [join(event)] : undefined),
    );
    await scene.clock.advance(3_000);
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { Type: 'JoinChimeMeeting', ErrorType: 'InvalidActionParameter' },
    });
    expect(meeting.present).toHaveLength(1);
  });

  test('a meeting that fails, told in the older shape', async () => {
    await callMeeting(undefined, undefined, { failureShape: 'error' });
    await scene[Symbol.asyncDispose]();
    scene = await openSmaScene((event) => (event.Sequence === 1 ? [join(event)] : undefined), {
      sma: { failureShape: 'error' },
    });
    const fault = { type: 'ErrorJoiningMeeting', message: 'Error while joining meeting.' };
    scene.chime.actionFaults.next({ match: 'JoinChimeMeeting', fault });
    await scene.dial();
    expect(scene.events.at(-1)?.ActionData).toMatchObject({
      Error: 'ErrorJoiningMeeting: Error while joining meeting.',
    });
  });

  function remove(): string {
    meeting.remove(seat.attendeeId);
    return seat.joinToken;
  }

  function over(): string {
    meeting.end();
    return meeting.meetingId;
  }
});

const FIXTURES = 'aws/events/sma';
const present = existsSync(referencePath(FIXTURES));
if (!present) console.info('skipped: the event fixtures of the Chime SDK are not beside this repository');

test.skipIf(!present)('participants of JoinChimeMeeting have the members that the documentation shows', async () => {
  const text = readFileSync(referencePath(`${FIXTURES}/action-successful.JoinChimeMeeting.docs.json`), 'utf8');
  const expected = JSON.parse(text) as SmaEvent;
  await callMeeting();
  await scene.clock.advance(500);
  const members = ({ CallDetails }: SmaEvent) => CallDetails.Participants.map((one) => Object.keys(one));
  expect(members(scene.events[1]!)).toEqual(members(expected));
  expect(Object.keys(scene.events[1]!)).toEqual(Object.keys(expected));
});
