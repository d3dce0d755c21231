import { existsSync, readFileSync } from 'node:fs';
import { CreateMeetingCommand } from '@aws-sdk/client-chime-sdk-meetings';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { referencePath } from '../testing/reference.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};

const everything = { audio: 'SendReceive', video: 'SendReceive', content: 'SendReceive' } as const;

/** Lets every event type of a meeting happen. */
function everyEvent(): void {
  const { meeting, alice, bob } = scene;
  meeting.activity.video(alice.attendeeId, 'started');
  meeting.activity.video(alice.attendeeId, 'started');
  meeting.activity.video(alice.attendeeId, 'stopped');
  meeting.share(bob.attendeeId, 'started', { video: true });
  meeting.share(bob.attendeeId, 'stopped', { video: true });
  meeting.share(bob.attendeeId, 'started', { networkType: true });
  meeting.share(bob.attendeeId, 'dropped');
  meeting.activity.updateCapabilities(bob.attendeeId, { ...everything, content: 'None' });
  meeting.activity.updateCapabilities(bob.attendeeId, everything, false);
  for (const change of ['Started', 'Interrupted', 'Resumed', 'Failed', 'Stopped'] as const) {
    meeting.activity.transcription(change);
  }
}

describe('what people do in a meeting', () => {
  test('is told by an event of each type', async () => {
    await open();
    everyEvent();
    expect(scene.told().slice(7)).toEqual([
      'AttendeeVideoStarted alice',
      'AttendeeVideoStopped alice',
      'AttendeeContentJoined bob',
      'AttendeeContentVideoStarted bob',
      'AttendeeContentVideoStopped bob',
      'AttendeeContentLeft bob',
      'AttendeeContentJoined bob',
      'AttendeeContentDropped bob',
      'AttendeeCapabilitiesUpdated bob',
      'AttendeeCapabilitiesUpdated bob',
      'TranscriptionStarted',
      'TranscriptionInterrupted',
      'TranscriptionResumed',
      'TranscriptionFailed',
      'TranscriptionStopped',
    ]);
    const updated = scene.chime.eventBridge.events().filter(({ detail }) => 'success' in detail);
    expect(updated.map(({ detail }) => detail['success'])).toEqual(['1', '0']);
  });

  test('names the share instead of the sharer, as an option', async () => {
    await open({ meetings: { contentAttendeeId: 'suffixed' } });
    scene.meeting.share(scene.bob.attendeeId, 'started');
    const { detail } = scene.chime.eventBridge.events().at(-1)!;
    expect(detail['attendeeId']).toBe(`${scene.bob.attendeeId}#content`);
  });

  test('is silence while they are muted', async () => {
    await open();
    const { meeting, alice, bob, clock } = scene;
    meeting.leave(bob.attendeeId);
    const loudest = async () => {
      const from = clock.now();
      await clock.advance(100);
      return Math.max(...meeting.call.render(meeting.voices, from, clock.now()));
    };
    meeting.activity.mute(alice.attendeeId);
    expect(await loudest()).toBe(0);
    meeting.activity.unmute(alice.attendeeId);
    expect(await loudest()).toBeGreaterThan(1_000);
  });

  test('needs them to be there', async () => {
    await open();
    scene.meeting.leave(scene.bob.attendeeId);
    expect(() => scene.meeting.activity.video(scene.bob.attendeeId, 'started')).toThrow('not in the meeting');
    expect(() => scene.meeting.activity.sendMessage('nobody', 'chat', 'x')).toThrow('not in the meeting');
  });

  const fixtures = 'aws/events/meeting';
  const present = existsSync(referencePath(fixtures));
  if (!present) console.info('skipped: the meeting events of the documentation are not beside this repository');
  test
    .skipIf(!present)
    .each([
      'AttendeeVideoStarted',
      'AttendeeVideoStopped',
      'AttendeeContentLeft.screen-share',
      'AttendeeContentDropped',
      'AttendeeContentVideoStarted',
      'AttendeeContentVideoStopped',
      'AttendeeCapabilitiesUpdated',
    ])('has the shape of the documentation: %s', async (name) => {
    await open();
    everyEvent();
    const real = JSON.parse(readFileSync(referencePath(`${fixtures}/${name}.docs.json`), 'utf8')) as {
      detail: Record<string, unknown>;
    };
    const ours = scene.chime.eventBridge
      .events()
      .find(({ detail }) => detail['eventType'] === real.detail['eventType'])!;
    expect(Object.keys(ours.detail).sort()).toEqual(Object.keys(real.detail).sort());
    for (const [key, value] of Object.entries(real.detail)) expect(typeof ours.detail[key]).toBe(typeof value);
  });
});

test('an attendee without an external user id is one all the same', async () => {
  await open();
  scene.meeting.join({ externalUserId: '' });
  const { detail } = scene.chime.eventBridge.events().at(-1)!;
  expect(detail).toMatchObject({ eventType: 'chime:AttendeeJoined', externalUserId: '' });
});

describe('a meeting with a NotificationsConfiguration', () => {
  const queue = 'arn:aws:sqs:us-east-1:111122223333:meetings';
  const topic = 'arn:aws:sns:us-east-1:111122223333:meetings';
  const request = { ClientRequestToken: 'token-1', MediaRegion: 'us-east-1', ExternalMeetingId: 'external' };

  test('tells the queue and the topic what it tells the event bus', async () => {
    await open();
    const heard: string[] = [];
    scene.chime.onNotification(queue, (body) => heard.push(JSON.parse(body).detail.eventType));
    scene.chime.onNotification(topic, (body) => heard.push(JSON.parse(JSON.parse(body).Message).detail.eventType));
    const NotificationsConfiguration = { SqsQueueArn: queue, SnsTopicArn: topic };
    const { Meeting } = await scene.clients.meetings.send(
      new CreateMeetingCommand({ ...request, NotificationsConfiguration }),
    );
    scene.chime.meeting(Meeting!.MeetingId!)?.end();
    expect(heard).toEqual(['chime:MeetingStarted', 'chime:MeetingStarted', 'chime:MeetingEnded', 'chime:MeetingEnded']);
    scene.meeting.end();
    expect(heard).toHaveLength(4);
  });

  test('names none of another region', async () => {
    await open();
    const NotificationsConfiguration = { SqsQueueArn: queue.replace('us-east-1', 'eu-central-1') };
    const sent = scene.clients.meetings.send(new CreateMeetingCommand({ ...request, NotificationsConfiguration }));
    await expect(sent).rejects.toMatchObject({ name: 'BadRequestException' });
  });
});

test.each(['lost', 'duplicated', 'reversed'] as const)('an AttendeeJoined may be %s on its way', async (fault) => {
  await open();
  const heard: string[] = [];
  scene.chime.eventBridge.onEvent(({ detail }) => heard.push(String(detail['eventType']).slice(6)));
  scene.chime.eventBridge.faults.next({ match: 'chime:AttendeeJoined', fault });
  scene.meeting.join({ externalUserId: 'carol' });
  scene.meeting.activity.transcription('Started');
  await scene.clock.idle();
  expect(heard).toEqual(
    {
      lost: ['AttendeeAdded', 'AttendeeAuthorized', 'TranscriptionStarted'],
      duplicated: ['AttendeeAdded', 'AttendeeAuthorized', 'AttendeeJoined', 'AttendeeJoined', 'TranscriptionStarted'],
      reversed: ['AttendeeAdded', 'AttendeeAuthorized', 'TranscriptionStarted', 'AttendeeJoined'],
    }[fault],
  );
});
