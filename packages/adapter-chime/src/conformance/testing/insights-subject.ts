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
  VirtualCall,
  VirtualClock,
} from '@onrecord/simulator';
import {
  chimeInsights,
  chimeInsightsCapabilities,
  chimeInsightsConfigurations,
  chimeKvsStreams,
  type InsightsConfiguration,
} from '../../index.ts';
import { BUCKET, chimeRequests, handOn, landingIn, openArchive, requestLog, s3Requests } from './harness-parts.ts';

const EVENT_SECRET = 'a secret of the API destination';

/** What the documentation of the service leaves open, and which elements work beside the recording. */
export interface InsightsServiceOptions extends Pick<ChimeOptions, 'insights' | 'pipelines' | 'events'> {
  readonly elements?: InsightsConfiguration['Elements'] | undefined;
  /** Whether pauses are made of segments. */
  readonly pauses?: boolean | undefined;
}

const recording: NonNullable<InsightsConfiguration['Elements']>[number] = {
  Type: 'S3RecordingSink',
  S3RecordingSinkConfiguration: { Destination: `arn:aws:s3:::${BUCKET}`, RecordingFileFormat: 'Wav' },
};

const pausing: Capabilities = {
  ...chimeInsightsCapabilities,
  pause: { effects: ['segmented'], fidelity: 'emulated', startPaused: false },
};

/** Call analytics on two Kinesis video streams as a subject of the recording suite. */
export function insightsSubject(
  name: string = 'chime-insights',
  service: InsightsServiceOptions = {},
): RecordingSubject {
  return {
    name,
    facts: {
      capabilities: service.pauses ? pausing : chimeInsightsCapabilities,
      inbound: 'events',
      authenticated: true,
      media: true,
      losesAnswers: true,
    },
    open: (options) => openInsights(service, options),
  };
}

async function openInsights(
  { elements = [], pauses = false, ...service }: InsightsServiceOptions,
  { wrap = (driver) => driver }: OpenOptions = {},
) {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: [BUCKET] });
  const chime = await startChime({ clock, s3, ...service });
  const place = { ...chime.clientConfig(), accountId: chime.accountId };
  await using configurations = chimeInsightsConfigurations(place);
  await configurations.create({
    MediaInsightsPipelineConfigurationName: 'calls',
    ResourceAccessRoleArn: `arn:aws:iam::${chime.accountId}:role/insights`,
    Elements: [...elements, recording],
  });
  const prepared = chime.requests().length;
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
  chime.eventBridge.target(
    `${endpoint.origin}/events`,
    { 'x-onrecord-key': EVENT_SECRET },
    { match: (event) => event.source === 'aws.chime' },
  );
  const asked = chimeRequests(chime);

  return {
    clock,
    store,
    async recorder() {
      const driver = chimeInsights({
        ...place,
        bucket: BUCKET,
        prefix: 'calls',
        configuration: 'calls',
        processors: elements.length > 0,
        events: { secret: EVENT_SECRET },
      });
      const recorder = createRecorder(wrap(driver), {
        store,
        archive,
        clock,
        landing,
        instance: 'chime-insights',
        ...(pauses ? { emulate: ['pause-by-segments'] as const } : {}),
      });
      recorders.push(recorder);
      return recorder;
    },
    async openCall() {
      const call = new VirtualCall(clock);
      for (const name of ['reference', 'other'] as const) call.join({ name });
      const [reference, other] = ['reference', 'other'].map((voice) => chime.kvsStream({ call, voice }));
      return {
        ref: chimeKvsStreams({ streams: [reference!.arn, other!.arn] }),
        say(speaker: Speaker, toneHz: number | undefined) {
          call.leave(speaker);
          call.join({ name: speaker, ...(toneHz === undefined ? {} : { source: tone(toneHz) }) });
        },
        async end() {
          call.end();
          for (const stream of [reference, other]) stream?.end();
        },
      };
    },
    unknownCall() {
      const base = `arn:aws:kinesisvideo:${chime.region}:${chime.accountId}:stream`;
      return chimeKvsStreams({ streams: [`${base}/nobody/1`, `${base}/nobody-else/1`] });
    },
    requests: requestLog(() => asked().slice(prepared), s3Requests(s3)),
    recordings: () => chime.pipelines().filter(({ type }) => type === 'MediaInsightsPipeline').length,
    intercept(next: Interceptor | undefined) {
      interceptor = next;
    },
    loseNextAnswer: () => chime.faults.next({ match: 'CreateMediaInsightsPipeline', fault: 'drop-before-answer' }),
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
