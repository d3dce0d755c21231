import { existsSync, readFileSync } from 'node:fs';
import {
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteAttendeeCommand,
  DeleteMeetingCommand,
  GetMeetingCommand,
  ListAttendeesCommand,
} from '@aws-sdk/client-chime-sdk-meetings';
import { afterEach, describe, expect, test } from 'vitest';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { referencePath } from '../testing/reference.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

const minute = 60_000;

describe('a meeting tells', () => {
  test('of its start, and of each attendee before they are there', async () => {
    scene = await openMeetingScene();
    expect(scene.told()).toEqual([
      'MeetingStarted',
      'AttendeeAdded alice',
      'AttendeeAuthorized alice',
      'AttendeeJoined alice',
      'AttendeeAdded bob',
      'AttendeeAuthorized bob',
      'AttendeeJoined bob',
    ]);
    expect(scene.chime.eventBridge.events()[3]).toEqual({
      version: '0',
      id: expect.any(String),
      'detail-type': 'Chime Meeting State Change',
      source: 'aws.chime',
      account: '111122223333',
      time: '2026-01-05T09:00:00Z',
      region: 'us-east-1',
      resources: [],
      detail: {
        version: '0',
        eventType: 'chime:AttendeeJoined',
        timestamp: Date.parse('2026-01-05T09:00:00Z'),
        meetingId: scene.meeting.meetingId,
        attendeeId: scene.alice.attendeeId,
        externalUserId: 'alice',
        networkType: 'Voip',
        externalMeetingId: 'weekly',
        mediaRegion: 'eu-central-1',
      },
    });
  });

  test('of a departure once: left on purpose, or dropped some seconds later', async () => {
    scene = await openMeetingScene();
    const { meeting, alice, bob, clock } = scene;
    meeting.leave(alice.attendeeId);
    meeting.leave(alice.attendeeId);
    meeting.drop(bob.attendeeId);
    expect(scene.told().slice(7)).toEqual(['AttendeeLeft alice']);
    await clock.advance(12_000);
    expect(scene.told().slice(8)).toEqual(['AttendeeDropped bob']);
    meeting.join({ attendeeId: bob.attendeeId });
    expect(scene.told().slice(9)).toEqual(['AttendeeAuthorized bob', 'AttendeeJoined bob']);
  });

  test('of shared content, in both documented forms, by the attendee who shares', async () => {
    scene = await openMeetingScene();
    scene.meeting.share(scene.bob.attendeeId, 'started');
    scene.meeting.share(scene.bob.attendeeId, 'stopped', { networkType: true });
    expect(scene.told().slice(7)).toEqual(['AttendeeContentJoined bob', 'AttendeeContentLeft bob']);
    const details = scene.chime.eventBridge
      .events()
      .slice(7)
      .map(({ detail }) => detail['networkType']);
    expect(details).toEqual([undefined, 'Voip']);
    expect(scene.meeting.present).toHaveLength(2);
  });

  test('nothing of a connection that comes back in time', async () => {
    scene = await openMeetingScene();
    scene.meeting.drop(scene.bob.attendeeId);
    await scene.clock.advance(5_000);
    scene.meeting.join({ attendeeId: scene.bob.attendeeId });
    await scene.clock.advance(minute);
    expect(scene.told()).toHaveLength(7);
  });

  const fixtures = 'aws/events/meeting';
  const present = existsSync(referencePath(fixtures));
  if (!present) console.info('skipped: the meeting events of the documentation are not beside this repository');
  test.skipIf(!present)('in the shape of the documentation, the id apart', async () => {
    scene = await openMeetingScene();
    const { meeting, alice, bob } = scene;
    meeting.leave(alice.attendeeId);
    meeting.remove(alice.attendeeId);
    meeting.drop(bob.attendeeId);
    const events = scene.chime.eventBridge.events();
    for (const name of [
      'MeetingStarted',
      'AttendeeAdded',
      'AttendeeAuthorized',
      'AttendeeJoined',
      'AttendeeLeft',
      'AttendeeDeleted',
    ]) {
      const real = JSON.parse(readFileSync(referencePath(`${fixtures}/${name}.docs.json`), 'utf8'));
      const { id, ...ours } = events.find(({ detail }) => detail['eventType'] === `chime:${name}`)!;
      expect(id).toBeTruthy();
      expect(Object.keys(ours).sort()).toEqual(Object.keys(real).sort());
      expect(Object.keys(ours.detail).sort()).toEqual(Object.keys(real.detail).sort());
      for (const [key, value] of Object.entries(real.detail)) expect(typeof ours.detail[key]).toBe(typeof value);
    }
  });
});

describe('a meeting ends', () => {
  test('5 minutes after the last one left', async () => {
    scene = await openMeetingScene();
    scene.meeting.leave(scene.alice.attendeeId);
    await scene.clock.advance(10 * minute);
    scene.meeting.drop(scene.bob.attendeeId);
    await scene.clock.advance(5 * minute - 1);
    expect(scene.meeting.ended.aborted).toBe(false);
    await scene.clock.advance(1);
    expect(scene.told().filter((one) => one === 'MeetingEnded')).toHaveLength(1);
    expect(() => scene.meeting.join({ externalUserId: 'late' })).toThrow('over');
  });

  test('after a day, whoever is there', async () => {
    scene = await openMeetingScene();
    await scene.clock.advance(24 * 60 * minute);
    expect(scene.meeting.ended.aborted).toBe(true);
  });

  test("a pipeline's own attendee keeps it open, or does not as an option", async () => {
    for (const [pipelineAttendeeCounts, over] of [
      [true, false],
      [false, true],
    ] as const) {
      scene = await openMeetingScene({ meetings: { pipelineAttendeeCounts } });
      scene.meeting.seatPipeline('one');
      for (const { attendeeId } of [scene.alice, scene.bob]) scene.meeting.leave(attendeeId);
      await scene.clock.advance(6 * minute);
      expect(scene.meeting.ended.aborted).toBe(over);
      if (!over) await scene[Symbol.asyncDispose]();
    }
  });

  test('with its primary, if it is a replica, and not for being empty', async () => {
    scene = await openMeetingScene();
    const { meetings } = scene.clients;
    const request = { ClientRequestToken: 'token-1', MediaRegion: 'us-east-1', ExternalMeetingId: 'replica' };
    const { Meeting } = await meetings.send(
      new CreateMeetingCommand({ ...request, PrimaryMeetingId: scene.meeting.meetingId }),
    );
    const replica = scene.chime.meeting(Meeting!.MeetingId!)!;
    await scene.clock.advance(60 * minute);
    expect(replica.ended.aborted).toBe(false);
    scene.meeting.end();
    expect(replica.ended.aborted).toBe(true);
    const orphan = { ...request, ClientRequestToken: 'token-2', PrimaryMeetingId: 'nowhere' };
    await expect(meetings.send(new CreateMeetingCommand(orphan))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });

  test('by DeleteMeeting, which tells twice; nobody is said to leave', async () => {
    scene = await openMeetingScene();
    const { meetings } = scene.clients;
    const MeetingId = scene.meeting.meetingId;
    await meetings.send(new DeleteMeetingCommand({ MeetingId }));
    await scene.clock.advance(1_000);
    expect(scene.told().slice(7)).toEqual(['MeetingEnded', 'MeetingEnded']);
    expect(scene.meeting.call.participants.every(({ leftAt }) => leftAt !== undefined)).toBe(true);
    for (const command of [new DeleteMeetingCommand({ MeetingId }), new GetMeetingCommand({ MeetingId })]) {
      const sent = command instanceof GetMeetingCommand ? meetings.send(command) : meetings.send(command);
      await expect(sent).rejects.toMatchObject({ name: 'NotFoundException' });
    }
  });
});

describe('the meetings API', () => {
  const request = { ClientRequestToken: 'token-1', MediaRegion: 'us-east-1', ExternalMeetingId: 'external' };

  test('CreateMeeting gives the same meeting for the same token, and a conflict for another request under it', async () => {
    scene = await openMeetingScene();
    const { meetings } = scene.clients;
    const first = await meetings.send(new CreateMeetingCommand(request));
    const again = await meetings.send(new CreateMeetingCommand(request));
    expect(again.Meeting).toEqual(first.Meeting);
    const other = new CreateMeetingCommand({ ...request, ExternalMeetingId: 'another' });
    await expect(meetings.send(other)).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('adds, lists and deletes attendees', async () => {
    scene = await openMeetingScene();
    const { meetings } = scene.clients;
    const MeetingId = scene.meeting.meetingId;
    const { Attendee } = await meetings.send(new CreateAttendeeCommand({ MeetingId, ExternalUserId: 'carol' }));
    expect(Attendee).toMatchObject({
      ExternalUserId: 'carol',
      JoinToken: expect.any(String),
      Capabilities: { Audio: 'SendReceive' },
    });
    expect(scene.told().at(-1)).toBe('AttendeeAdded carol');
    scene.meeting.join({ attendeeId: Attendee?.AttendeeId });
    expect(scene.meeting.present.map(({ externalUserId }) => externalUserId)).toEqual(['alice', 'bob', 'carol']);
    const listed = await meetings.send(new ListAttendeesCommand({ MeetingId }));
    expect(listed.Attendees?.map(({ ExternalUserId }) => ExternalUserId)).toEqual(['alice', 'bob', 'carol']);
    const gone = { MeetingId, AttendeeId: Attendee?.AttendeeId };
    await meetings.send(new DeleteAttendeeCommand(gone));
    expect(scene.told().at(-1)).toBe('AttendeeDeleted carol');
    await expect(meetings.send(new DeleteAttendeeCommand(gone))).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('keeps reserved names and limits', async () => {
    scene = await openMeetingScene();
    const { meetings } = scene.clients;
    const reserved = new CreateAttendeeCommand({
      MeetingId: scene.meeting.meetingId,
      ExternalUserId: 'aws:MediaPipeline-x',
    });
    await expect(meetings.send(reserved)).rejects.toMatchObject({ name: 'BadRequestException' });
    const small = { ...request, MeetingFeatures: { Attendee: { MaxCount: 1 } } };
    const { Meeting } = await meetings.send(new CreateMeetingCommand(small));
    const add = () =>
      meetings.send(new CreateAttendeeCommand({ MeetingId: Meeting?.MeetingId, ExternalUserId: 'one' }));
    await add();
    await expect(add()).rejects.toMatchObject({ name: 'LimitExceededException', $metadata: { httpStatusCode: 400 } });
  });
});
