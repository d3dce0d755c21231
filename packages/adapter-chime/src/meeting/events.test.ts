import { type InboundRequest, Secret } from '@onrecord/core';
import { VirtualClock } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import { chimeMeeting } from './driver.ts';

const secret = 'a-secret-of-the-api-destination';
const meetingId = '4b14cf17-72dc-47aa-9e8d-263413992713';
const unreachable = { accessKeyId: 'a', secretAccessKey: 'b' };
const options = {
  region: 'us-east-1',
  bucket: 'recordings',
  endpoint: 'http://127.0.0.1:9',
  credentials: unreachable,
  events: { secret: [new Secret('the-secret-that-is-being-replaced'), secret] },
};

function event(detailType: string, detail: object, more: object = {}) {
  return {
    version: '0',
    id: '482cc26c-e10f-8471-a03a-417ce1b7cb91',
    'detail-type': detailType,
    source: 'aws.chime',
    account: '111122223333',
    time: '2024-08-07T03:07:17Z',
    region: 'us-east-1',
    resources: [],
    detail: { version: '0', meetingId, timestamp: 1_723_000_036_853, mediaRegion: 'ap-northeast-1', ...detail },
    ...more,
  };
}

const meeting = (eventType: string, detail: object = {}) =>
  event('Chime Meeting State Change', { eventType: `chime:${eventType}`, ...detail });
const pipeline = (eventType: string, mediaPipelineId = 'p') =>
  event('Chime Media Pipeline State Change', { eventType: `chime:${eventType}`, mediaPipelineId });

/** By a process of its own: what an event tells by itself. */
function parse(body: unknown, request: Partial<InboundRequest> = {}) {
  using clock = new VirtualClock();
  const driver = chimeMeeting(options);
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return driver.parse(
    { transport: 'queue', headers: {}, body: bytes, ...request },
    { clock, signal: AbortSignal.timeout(5_000) },
  );
}

describe('the batch of a queue', () => {
  const started = meeting('MeetingStarted');
  const joined = meeting('AttendeeJoined', { attendeeId: 'a-1', externalUserId: 'anna' });
  const notification = (message: object) => ({ Type: 'Notification', Message: JSON.stringify(message) });

  test('that a Lambda function was handed is taken message by message, also behind a topic', async () => {
    const bodies = [started, notification(joined)].map((body) => ({ body: JSON.stringify(body) }));
    const { calls, unhandled } = await parse({ Records: bodies }, { transport: 'lambda' });
    // Whoever joins makes up for a start that was lost, by the same notice.
    expect([...new Set(calls.map(({ type }) => type))]).toEqual(['call.connected', 'call.participant-joined']);
    expect(unhandled).toBe(0);
  });

  test('of a topic, without a queue, is taken, too', async () => {
    const { calls } = await parse(
      { Records: [{ Sns: { Message: JSON.stringify(started) } }] },
      { transport: 'lambda' },
    );
    expect(calls).toHaveLength(1);
  });

  test('loses nothing for a message that makes no sense, which is counted', async () => {
    const { calls, unhandled } = await parse({ Records: [{ body: '{"a":1}' }, { body: JSON.stringify(started) }] });
    expect({ calls: calls.length, unhandled }).toEqual({ calls: 1, unhandled: 1 });
  });
});

describe('an event over HTTP', () => {
  const http = (headers: InboundRequest['headers']) => parse(meeting('MeetingStarted'), { transport: 'http', headers });

  test('is let in by the secret of the API destination, and by the one that is being replaced', async () => {
    expect((await http({ 'x-onrecord-key': secret })).calls).toHaveLength(1);
    expect((await http({ 'x-onrecord-key': 'the-secret-that-is-being-replaced' })).calls).toHaveLength(1);
  });

  test.each<[string, InboundRequest['headers']]>([
    ['none', {}],
    ['a wrong one', { 'x-onrecord-key': `${secret}!` }],
    ['an empty one', { 'x-onrecord-key': '' }],
    ['several', { 'x-onrecord-key': [secret, secret] }],
  ])('is turned away with %s', async (_, headers) => {
    await expect(http(headers)).rejects.toMatchObject({ code: 'signature-invalid' });
  });

  test('is turned away where no secret is configured', async () => {
    const open = chimeMeeting({ region: 'us-east-1', bucket: 'recordings' });
    using clock = new VirtualClock();
    const request = { transport: 'http', headers: { 'x-onrecord-key': '' }, body: Buffer.from('{}') } as const;
    await expect(open.parse(request, { clock, signal: AbortSignal.timeout(1) })).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('events.secret'),
    });
  });
});

describe('a body', () => {
  test.each<[string, unknown]>([
    ['no JSON', 'not json'],
    ['no object', '[]'],
    ['no event', { hello: 1 }],
    ['too long', new Uint8Array(300 * 1024)],
  ])('with %s is malformed', async (_, body) => {
    await expect(parse(body)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('wrapped by SNS is the same event', async () => {
    const wrapped = { Type: 'Notification', Message: JSON.stringify(meeting('MeetingStarted')) };
    expect(await parse(wrapped)).toEqual(await parse(meeting('MeetingStarted')));
  });

  test.each<[string, unknown]>([
    ['another source', { ...meeting('MeetingStarted'), source: 'aws.s3' }],
    ['another detail type', event('Chime VoiceConnector Streaming Status', {})],
    ['an unknown event of a meeting', meeting('SomethingNew')],
  ])('of %s is counted, and no error', async (_, body) => {
    expect(await parse(body)).toEqual({ reports: [], calls: [], unhandled: 1 });
  });
});

describe('the notices of a meeting', () => {
  const notices = async (body: unknown) => (await parse(body)).calls;

  test('start and end it (chime:MeetingStarted, chime:MeetingEnded), with a reference that can be recorded', async () => {
    const [connected] = await notices(meeting('MeetingStarted', { externalMeetingId: 'weekly' }));
    expect(connected).toEqual({
      type: 'call.connected',
      noticeId: `chime-meeting/${meetingId}/started`,
      answered: true,
      at: '2024-08-07T03:07:16.853Z',
      call: {
        kind: 'chime.meeting',
        provider: 'chime-meeting',
        key: meetingId,
        region: 'us-east-1',
        data: {
          meetingId,
          meetingArn: `arn:aws:chime::111122223333:meeting:${meetingId}`,
          externalMeetingId: 'weekly',
        },
      },
    });
    expect(await notices(meeting('MeetingEnded'))).toMatchObject([{ type: 'call.ended' }]);
  });

  test('of a second MeetingEnded are the same notice, whatever its id', async () => {
    const again = { ...meeting('MeetingEnded', { timestamp: 1_723_000_037_900 }), id: 'another' };
    const [first, second] = [await notices(meeting('MeetingEnded')), await notices(again)];
    expect(second[0]?.noticeId).toBe(first[0]?.noticeId);
  });

  test('tell of people: chime:AttendeeJoined, chime:AttendeeLeft, chime:AttendeeDropped', async () => {
    const person = { attendeeId: 'a-1', externalUserId: '', networkType: 'Voip' };
    expect(await notices(meeting('AttendeeJoined', person))).toMatchObject([
      { type: 'call.connected' },
      { type: 'call.participant-joined', participant: 'a-1' },
    ]);
    expect(await notices(meeting('AttendeeLeft', person))).toMatchObject([{ type: 'call.participant-left' }]);
    expect(await notices(meeting('AttendeeDropped', person))).toEqual([]);
  });

  test.each<[string, object]>([
    ['a pipeline', { attendeeId: 'g', externalUserId: 'aws:MediaPipeline-1' }],
    ['a pipeline of old', { attendeeId: 'g', externalUserId: 'MediaPipeline-1' }],
    ['a content share', { attendeeId: 'a-1#content', externalUserId: 'ann' }],
    ['nobody', {}],
  ])('do not take %s for a participant', async (_, detail) => {
    expect(await parse(meeting('AttendeeJoined', detail))).toEqual({ reports: [], calls: [], unhandled: 0 });
  });

  test('without plausible times have the one of the envelope, or none', async () => {
    const [first] = await notices(meeting('MeetingStarted', { timestamp: 12_344_566_754 }));
    expect(first?.at).toBe('2024-08-07T03:07:17.000Z');
    const [second] = await notices({ ...meeting('MeetingStarted', { timestamp: 1 }), time: 'yyyy-mm-ddThh:mm:ssZ' });
    expect(second?.at).toBeUndefined();
  });
});

describe('an event of a meeting that is no notice', () => {
  test.each([
    'chime:AttendeeAdded',
    'chime:AttendeeDeleted',
    'chime:AttendeeAuthorized',
    'chime:AttendeeVideoStarted',
    'chime:AttendeeVideoStopped',
    'chime:AttendeeContentJoined',
    'chime:AttendeeContentLeft',
    'chime:AttendeeContentDropped',
    'chime:AttendeeContentVideoStarted',
    'chime:AttendeeContentVideoStopped',
    'chime:AttendeeCapabilitiesUpdated',
    'chime:TranscriptionStarted',
    'chime:TranscriptionStopped',
    'chime:TranscriptionInterrupted',
    'chime:TranscriptionResumed',
    'chime:TranscriptionFailed',
  ])('%s is known', async (eventType) => {
    const person = { attendeeId: 'a-1', externalUserId: 'ann', success: '1' };
    const body = event('Chime Meeting State Change', { eventType, ...person });
    expect(await parse(body)).toEqual({ reports: [], calls: [], unhandled: 0 });
  });
});

describe('an event of a pipeline', () => {
  test('is offered as one of a capture (chime:MediaPipelineInProgress, chime:MediaPipelineDeleted); an end also as one of a concatenation and of a side output', async () => {
    const { reports } = await parse(pipeline('MediaPipelineDeleted'));
    expect(reports.map(({ subject, seen }) => [subject, seen])).toEqual([
      [{ providerKey: 'chime-capture/p' }, { capturing: false, ended: true }],
      [{ providerKey: 'chime-concatenation/p' }, { facts: { 'concatenation/p': 'done' } }],
      [{ providerKey: 'chime-side/p' }, { facts: { 'side/p': 'over' } }],
    ]);
    expect((await parse(pipeline('MediaPipelineInProgress'))).reports).toMatchObject([{ seen: { capturing: true } }]);
  });

  test('twice is one observation, with the time of the service', async () => {
    const [first, second] = [
      await parse(pipeline('MediaPipelineInProgress')),
      await parse(pipeline('MediaPipelineInProgress')),
    ];
    expect(second.reports[0]?.reportId).toBe(first.reports[0]?.reportId);
    expect(first.reports[0]?.clock).toEqual({ domain: 'provider:chime', at: '2024-08-07T03:07:16.853Z' });
  });

  test('of a failure ends the part: chime:MediaPipelinePermanentFailure', async () => {
    const { reports } = await parse(pipeline('MediaPipelinePermanentFailure'));
    expect(reports.map(({ seen }) => seen)).toEqual([
      { capturing: false, ended: true, endReason: 'provider-error' },
      { facts: { 'concatenation/p': 'failed' } },
      { facts: { 'side/p': 'failed' }, anomaly: { code: 'side-failed', message: expect.any(String) } },
    ]);
  });

  test('that passes by itself says nothing (chime:MediaPipelineTemporaryFailure) until chime:MediaPipelineResumed', async () => {
    expect(await parse(pipeline('MediaPipelineTemporaryFailure'))).toEqual({ reports: [], calls: [], unhandled: 0 });
    expect((await parse(pipeline('MediaPipelineResumed'))).reports).toMatchObject([{ seen: { capturing: true } }]);
  });

  test('that nobody knows yet is counted, and kept with the part', async () => {
    const { reports, unhandled } = await parse(pipeline('MediaPipelineSomethingNew'));
    expect(unhandled).toBe(1);
    expect(reports.map(({ subject, seen }) => [subject, seen])).toEqual([
      [
        { providerKey: 'chime-capture/p' },
        { facts: { 'event/chime:MediaPipelineSomethingNew': '2024-08-07T03:07:16.853Z' } },
      ],
    ]);
  });
});

describe.skipIf(withoutReference)('documented events', () => {
  test.each(referenceFiles('events/meeting'))('%s is known', async (name, body) => {
    const { calls, unhandled } = await parse(body);
    expect(unhandled).toBe(0);
    const told = { MeetingStarted: 1, AttendeeJoined: 2, AttendeeLeft: 1 }[name.split('.')[0] ?? ''] ?? 0;
    expect(calls).toHaveLength(told);
  });

  test.each(referenceFiles('events/eventbridge').filter(([name]) => name.startsWith('media-pipeline.')))(
    '%s is known',
    async (_, body) => {
      expect((await parse(body)).unhandled).toBe(0);
    },
  );
});
