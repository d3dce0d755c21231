import { createRecorder, type Flow, memorySessionStore, type Recorder, type SessionStore } from '@onrecord/core';
import {
  type ChimeOptions,
  listen,
  readBody,
  type SimulatedChime,
  SimulatedS3,
  startChime,
  tone,
  VirtualClock,
} from '@onrecord/simulator';
import { type MemoryDriver, memory } from '@onrecord/storage';
import { s3 as s3Driver } from '@onrecord/storage/s3';
import { type ChimeMeetingDriver, type ChimeMeetingOptions, chimeMeeting } from '../index.ts';

export const ANN_HZ = 440;
export const BOB_HZ = 1_000;
export const EVENT_SECRET = 'a-secret-of-the-api-destination';

/** A meeting of two, and a recorder that its events reach as an EventBridge API destination sends them. */
export interface MeetingScene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  readonly meeting: ReturnType<SimulatedChime['createMeeting']>;
  readonly driver: ChimeMeetingDriver;
  readonly store: SessionStore;
  /** What was archived; empty unless the scene was opened with an archive. */
  readonly archive: MemoryDriver;
  readonly recorder: Recorder<{
    readonly output: Parameters<Recorder['start']>[0]['output'] & object;
    readonly pause: 'always';
    readonly discard: 'never';
    readonly announce: 'never';
  }>;
  readonly call: ReturnType<typeof import('../index.ts').chimeMeetingCall>;
  /** Virtual time passes until it settles. */
  settle<T>(work: Promise<T>): Promise<T>;
  pass(ms: number): Promise<void>;
}

export interface MeetingSceneOptions {
  readonly chime?: Partial<ChimeOptions> | undefined;
  readonly driver?: Partial<ChimeMeetingOptions> | undefined;
  readonly flow?: Flow | undefined;
  /** Default true. */
  readonly events?: boolean | undefined;
  /** Finished files are archived. Default false. */
  readonly archived?: boolean | undefined;
}

export async function openMeetingScene(options: MeetingSceneOptions = {}): Promise<MeetingScene> {
  const { chimeMeetingCall } = await import('../index.ts');
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: ['recordings'] });
  const chime = await startChime({ clock, s3, ...options.chime });
  const driver = chimeMeeting({
    ...chime.clientConfig(),
    bucket: 'recordings',
    s3: s3.clientConfig(),
    prefix: 'meetings',
    events: { secret: EVENT_SECRET },
    ...options.driver,
  });
  const store = memorySessionStore();
  const archive = memory({ name: 'archive' });
  const landing = s3Driver({ bucket: 'recordings', client: s3.clientConfig() });
  const recorder = createRecorder(driver, {
    store,
    clock,
    deployment: 'test',
    emulate: ['pause-by-segments'],
    ...(options.archived ? { archive, landing } : {}),
  });
  const endpoint = await listen(async (request, response) => {
    const body = await readBody(request);
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    const answer = await recorder.ingest(new Request('http://localhost/hook', { method: 'POST', headers, body }));
    response.writeHead(answer.status).end();
  });
  if (options.events !== false) chime.eventBridge.target(endpoint.origin, { 'x-onrecord-key': EVENT_SECRET });
  const meeting = chime.createMeeting();
  meeting.join({ externalUserId: 'ann', source: tone(ANN_HZ) });
  meeting.join({ externalUserId: 'bob', source: tone(BOB_HZ) });
  return {
    clock,
    s3,
    chime,
    meeting,
    driver,
    store,
    archive,
    recorder,
    call: chimeMeetingCall({ MeetingId: meeting.meetingId, MeetingArn: meeting.arn }),
    settle: (work) => clock.until(work, 600_000),
    pass: (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: async () => {
      await endpoint.close();
      await landing.close();
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}
