import type { ChimeMeetingCall, ChimeMeetingDriver } from '@onrecord/adapter-chime';
import { type Clock, createRecorder, memorySessionStore, type SessionRecord, type StorageDriver } from '@onrecord/core';
import { filesystem } from '@onrecord/storage';

/** What an application has at hand when a meeting begins. */
export interface RecordedMeeting {
  readonly driver: ChimeMeetingDriver;
  readonly call: ChimeMeetingCall;
  /** The bucket in which the service leaves its files. */
  readonly landing: StorageDriver;
  /** Folder on disk that everything goes to in the end. */
  readonly archive: string;
  readonly clock: Clock;
  /** Called with what receives the events of the service, before anything is recorded. */
  readonly connect: (ingest: (event: Request) => Promise<Response>) => void;
}

/**
 * Records a meeting but for its confidential part, and archives it. Whatever the service makes of the chunks, the whole
 * meeting is on disk in the end, or the session says what is missing.
 */
export async function recordMeeting(meeting: RecordedMeeting): Promise<SessionRecord> {
  const { driver, call, landing, archive, clock, connect } = meeting;
  const store = memorySessionStore();
  const recorder = createRecorder(driver, {
    store,
    clock,
    landing,
    archive: filesystem(archive),
    emulate: ['pause-by-segments'],
  });
  connect((event) => recorder.ingest(event));
  try {
    const session = await recorder.start({
      call,
      output: { media: 'audio', layout: 'mixed', container: 'mp4' },
      consent: { basis: 'application', noticeId: 'invitation-42' },
      providerOptions: { cameras: true },
    });
    await clock.delay(22_000);
    await session.pause();
    await clock.delay(10_000); // The confidential part: of it there is not a single chunk.
    await session.resume();
    await clock.delay(18_000);
    await session.stop();
    await session.settled();
    const record = await store.load(session.id);
    if (!record) throw new Error('The session is gone.');
    return record;
  } finally {
    await recorder.close();
  }
}
