import type { Delivery, Interceptor, OpenOptions, RecordingSubject, Speaker } from '@onrecord/contract-kit';
import { type Capabilities, createRecorder, type InboundRequest, memorySessionStore } from '@onrecord/core';
import {
  type ChimeOptions,
  decodeAudio,
  listen,
  readBody,
  SimulatedS3,
  sendAnswer,
  startChime,
  tone,
  VirtualClock,
} from '@onrecord/simulator';
import { chimeMeeting, chimeMeetingCall, chimeMeetingCapabilities } from '../../index.ts';
import { BUCKET, chimeRequests, handOn, landingIn, openArchive, requestLog, s3Requests } from './harness-parts.ts';

const EVENT_SECRET = 'a secret of the API destination';

const capabilities: Capabilities = {
  ...chimeMeetingCapabilities,
  pause: { effects: ['segmented'], fidelity: 'emulated', startPaused: false },
};

/**
 * Media capture of a meeting, its pause emulated by segments, as a subject of the recording suite.
 *
 * @param service what the documentation of the service leaves open.
 */
export function meetingSubject(name: string = 'chime-meeting', service: MeetingService = {}): RecordingSubject {
  return {
    name,
    facts: { capabilities, inbound: 'events', authenticated: true, media: true, losesAnswers: true },
    open: (options) => openMeeting(service, options),
  };
}

type MeetingService = Pick<ChimeOptions, 'meetings' | 'pipelines' | 'events'>;

async function openMeeting(service: MeetingService, { wrap = (driver) => driver }: OpenOptions = {}) {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: [BUCKET] });
  const chime = await startChime({ clock, s3, ...service });
  const store = memorySessionStore();
  const { archive, read } = openArchive();
  const landing = landingIn(s3);
  const recorders: { ingest(request: Request): Promise<Response>; close(): Promise<void> }[] = [];
  let interceptor: Interceptor | undefined;

  /** An event that comes while no process is there waits for none: EventBridge delivers it again. */
  async function deliver({ url = '', headers, body }: InboundRequest): Promise<Delivery> {
    const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(url, { method: 'POST', headers: sent, body: new Uint8Array(body) });
    return { taken: (await recorders.at(-1)?.ingest(request))?.ok ?? false };
  }

  const endpoint = await listen(async (incoming, response) => {
    const { method, url, headers } = incoming;
    const body = await readBody(incoming);
    const request: InboundRequest = { transport: 'http', method, url: `${endpoint.origin}${url}`, headers, body };
    const { taken } = await (interceptor ?? handOn)(request, deliver);
    sendAnswer(incoming, response, { status: taken ? 200 : 401 });
  });
  chime.eventBridge.target(`${endpoint.origin}/events`, { 'x-onrecord-key': EVENT_SECRET });

  return {
    clock,
    store,
    async recorder() {
      const driver = chimeMeeting({
        ...chime.clientConfig(),
        bucket: BUCKET,
        s3: s3.clientConfig(),
        prefix: 'meetings',
        events: { secret: EVENT_SECRET },
      });
      const recorder = createRecorder(wrap(driver), {
        store,
        archive,
        clock,
        landing,
        instance: 'chime-meeting',
        emulate: ['pause-by-segments'],
      });
      recorders.push(recorder);
      return recorder;
    },
    async openCall() {
      const meeting = chime.createMeeting();
      for (const name of ['reference', 'other'] as const) meeting.join({ name });
      return {
        ref: chimeMeetingCall({ MeetingId: meeting.meetingId, MeetingArn: meeting.arn }),
        say(speaker: Speaker, toneHz: number | undefined) {
          meeting.call.leave(speaker);
          meeting.call.join({ name: speaker, ...(toneHz === undefined ? {} : { source: tone(toneHz) }) });
        },
        end: async () => meeting.end(),
      };
    },
    unknownCall() {
      const id = '00000000-0000-4000-8000-000000000000';
      return chimeMeetingCall({
        MeetingId: id,
        MeetingArn: `arn:aws:chime:${chime.region}:${chime.accountId}:meeting/${id}`,
      });
    },
    requests: requestLog(chimeRequests(chime), s3Requests(s3)),
    recordings: () => chime.pipelines().filter(({ type }) => type === 'MediaCapturePipeline').length,
    intercept(next: Interceptor | undefined) {
      interceptor = next;
    },
    loseNextAnswer: () => chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: 'drop-before-answer' }),
    read,
    decode: decodeAudio,
    async close() {
      for (const recorder of recorders) await recorder.close();
      await store.close();
      await landing.close();
      await chime.close();
      await endpoint.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}
