import { chimeMeeting, chimeMeetingCall } from '@onrecord/adapter-chime';
import type { SessionRecord } from '@onrecord/core';
import {
  listen,
  readBody,
  type SimulatedChime,
  SimulatedS3,
  sendAnswer,
  startChime,
  tone,
  VirtualClock,
} from '@onrecord/simulator';
import { s3 as s3Storage } from '@onrecord/storage/s3';
import { recordMeeting } from './record-meeting.ts';

export const ANN_HZ = 440;
export const BOB_HZ = 1_000;
const bucket = 'recordings';
const secret = 'the-key-of-an-API-destination';
const longestMs = 24 * 3_600_000;

/** What came of a meeting. */
export interface Outcome {
  readonly record: SessionRecord;
  /** Requests to the media pipelines, in order. */
  readonly requests: readonly string[];
  /** Chunks that still lie in the bucket. */
  readonly chunks: number;
}

/**
 * A meeting of Ann and Bob in a simulated account, recorded as `record-meeting.ts` does it. A minute of it takes a second:
 * the clock is virtual, everything else is real, the files included.
 *
 * @param archive folder on disk.
 * @param goWrong what the service shall do wrong.
 */
export async function simulateMeeting(archive: string, goWrong: (chime: SimulatedChime) => void): Promise<Outcome> {
  using clock = new VirtualClock();
  await using s3 = await SimulatedS3.start({ clock, buckets: [bucket] });
  const chime = await startChime({ clock, s3 });
  goWrong(chime);
  const driver = chimeMeeting({
    ...chime.clientConfig(),
    bucket,
    prefix: 'meetings',
    s3: s3.clientConfig(), // Only because this S3 is none of Amazon's.
    events: { secret },
  });
  const landing = s3Storage({ bucket, client: s3.clientConfig() });
  const meeting = chime.createMeeting();
  const ann = meeting.join({ externalUserId: 'ann', source: tone(ANN_HZ) });
  meeting.join({ externalUserId: 'bob', source: tone(BOB_HZ) });
  meeting.activity.video(ann.attendeeId, 'started');
  let take: (event: Request) => Promise<Response> = async () => new Response(null, { status: 503 });
  const endpoint = await listen(async (request, response) => {
    const body = await readBody(request);
    const headers = { 'x-onrecord-key': String(request.headers['x-onrecord-key']) };
    const { status } = await take(new Request('http://localhost/events', { method: 'POST', headers, body }));
    sendAnswer(request, response, { status });
  });
  chime.eventBridge.target(endpoint.origin, { 'x-onrecord-key': secret });
  try {
    const call = chimeMeetingCall({ MeetingId: meeting.meetingId, MeetingArn: meeting.arn });
    const connect = (ingest: typeof take) => {
      take = ingest;
    };
    const record = await clock.until(recordMeeting({ driver, call, landing, archive, clock, connect }), longestMs);
    const pipelines = /^(Create|Delete)Media/;
    return {
      record,
      requests: chime.requests().flatMap(({ operation = '' }) => (pipelines.test(operation) ? [operation] : [])),
      chunks: s3.list(bucket).filter(({ key }) => /\/p\d+\/audio\//.test(key)).length,
    };
  } finally {
    await endpoint.close();
    await landing.close();
    await chime.close();
  }
}
