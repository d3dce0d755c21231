import {
  createRecorder,
  memorySessionStore,
  type Recorder,
  type SessionRecord,
  type SessionStore,
} from '@onrecord/core';
import {
  type ChimeOptions,
  listen,
  type NewConnectorCall,
  readBody,
  type SimulatedChime,
  SimulatedS3,
  startChime,
  tone,
  VirtualCall,
  VirtualClock,
  type VoiceConnector,
} from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import { s3 as s3Driver } from '@onrecord/storage/s3';
import {
  type ChimeInsightsDriver,
  type ChimeInsightsOptions,
  type ChimeKvsStreamsCall,
  chimeInsights,
  chimeInsightsConfigurations,
  chimeKvsStreams,
  type InsightsConfiguration,
} from '../index.ts';

export const AGENT_HZ = 440;
export const CALLER_HZ = 1_000;
export const EVENT_SECRET = 'a-secret-of-the-api-destination';
export const consent = { basis: 'application', noticeId: 'notice-1' } as const;

type Element = NonNullable<InsightsConfiguration['Elements']>[number];
export const recording: Element = {
  Type: 'S3RecordingSink',
  S3RecordingSinkConfiguration: { Destination: 'arn:aws:s3:::recordings/calls', RecordingFileFormat: 'Wav' },
};
export const records: Element = {
  Type: 'KinesisDataStreamSink',
  KinesisDataStreamSinkConfiguration: { InsightsTarget: 'arn:aws:kinesis:us-east-1:111122223333:stream/insights' },
};
export const transcription: Element = {
  Type: 'AmazonTranscribeProcessor',
  AmazonTranscribeProcessorConfiguration: { LanguageCode: 'en-US' },
};
export const enhancement: Element = {
  Type: 'VoiceEnhancementSink',
  VoiceEnhancementSinkConfiguration: { Disabled: false },
};

/** A configuration of call analytics, a recorder on it, and the ways in which messages reach that. */
export interface InsightsScene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  readonly driver: ChimeInsightsDriver;
  readonly store: SessionStore;
  readonly recorder: Pick<Recorder, 'start' | 'attach' | 'ingest'>;
  /** A call of agent and caller, written into two streams. */
  call(): { readonly ref: ChimeKvsStreamsCall; end(): void };
  /** A Voice Connector that records by the configuration, in effect already. */
  connector(): Promise<VoiceConnector>;
  /** Virtual time passes until it settles. */
  settle<T>(work: Promise<T>): Promise<T>;
  pass(ms: number): Promise<void>;
  /** The only session there is. */
  session(): Promise<SessionRecord>;
  operations(): readonly string[];
}

export interface InsightsSceneOptions {
  readonly chime?: Partial<ChimeOptions> | undefined;
  readonly driver?: Partial<ChimeInsightsOptions> | undefined;
  /** Default the recording alone. */
  readonly elements?: readonly Element[] | undefined;
  /** Default true. */
  readonly events?: boolean | undefined;
  /** Whether Kinesis records are forwarded. Default false. */
  readonly kinesis?: boolean | undefined;
}

export const voices: NewConnectorCall = { caller: tone(CALLER_HZ), callee: tone(AGENT_HZ) };

export async function openInsightsScene(options: InsightsSceneOptions = {}): Promise<InsightsScene> {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: ['recordings'] });
  const chime = await startChime({ clock, s3, objectCreatedEvents: false, ...options.chime });
  const place = { ...chime.clientConfig(), accountId: chime.accountId };
  const elements = options.elements ?? [recording];
  await using configurations = chimeInsightsConfigurations(place);
  await configurations.create({
    MediaInsightsPipelineConfigurationName: 'calls',
    ResourceAccessRoleArn: 'arn:aws:iam::111122223333:role/insights',
    Elements: [...elements],
  });
  const driver = chimeInsights({
    ...place,
    bucket: 'recordings',
    prefix: 'calls',
    configuration: 'calls',
    processors: elements.some(({ Type }) => Type?.endsWith('Processor')),
    events: { secret: EVENT_SECRET },
    ...options.driver,
  });
  const store = memorySessionStore();
  const landing = s3Driver({ bucket: 'recordings', client: s3.clientConfig() });
  const recorder = createRecorder(driver, { store, clock, landing, archive: memory({ name: 'archive' }) });
  const post = (body: Buffer | string, headers: Record<string, string>) =>
    recorder.ingest(
      new Request('http://localhost/hook', { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) }),
    );
  const endpoint = await listen(async (request, response) => {
    const body = await readBody(request);
    const key = request.headers['x-onrecord-key'];
    const answer = await post(body, typeof key === 'string' ? { 'x-onrecord-key': key } : {});
    response.writeHead(answer.status).end();
  });
  if (options.events !== false) chime.eventBridge.target(endpoint.origin, { 'x-onrecord-key': EVENT_SECRET });
  if (options.kinesis) {
    chime.kinesis.onRecords((event) => post(JSON.stringify(event), { 'x-onrecord-key': EVENT_SECRET }));
  }
  return {
    clock,
    s3,
    chime,
    driver,
    store,
    recorder,
    call() {
      const call = new VirtualCall(clock);
      call.join({ name: 'agent', source: tone(AGENT_HZ) });
      call.join({ name: 'caller', source: tone(CALLER_HZ) });
      const [agent, caller] = ['agent', 'caller'].map((voice) => chime.kvsStream({ call, voice }));
      return {
        ref: chimeKvsStreams({ streams: [agent!.arn, caller!.arn] }),
        end() {
          for (const stream of [agent, caller]) stream?.end();
        },
      };
    },
    async connector() {
      const made = chime.createVoiceConnector();
      await using own = chimeInsightsConfigurations(place);
      const { inEffectAfterMs } = await own.associate({ voiceConnectorId: made.id, configuration: 'calls' });
      await clock.advance(inEffectAfterMs);
      return made;
    },
    settle: (work) => clock.until(work, 3_600_000),
    pass: (ms) => clock.advance(ms),
    async session() {
      const ids = await store.list();
      if (ids.length !== 1) throw new Error(`there are ${ids.length} sessions`);
      return (await store.load(ids[0]!))!;
    },
    operations: () => chime.requests().map(({ operation, status }) => `${operation} ${status}`),
    [Symbol.asyncDispose]: async () => {
      await recorder.close();
      await landing.close();
      await endpoint.close();
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}
