import { type Clock, systemClock } from '@onrecord/core';
import { FaultScript, type SigningCredentials } from '../http/index.ts';
import type { ObjectCreated } from '../s3/index.ts';
import { deliveryFaults } from './delivery-faults.ts';
import { type ChimeEnvironment, originNow } from './environment.ts';
import { type EventBridgeOptions, SimulatedEventBridge } from './events/event-bridge.ts';
import { objectCreatedEvent } from './events/event-bridge-event.ts';
import type { InsightsOptions } from './insights/insights-options.ts';
import { InsightsService } from './insights/insights-service.ts';
import { LiveConnectors } from './live/live-connectors.ts';
import { type LiveOptions, resolveLiveOptions } from './live/live-options.ts';
import type { MeetingOptions } from './meetings/meeting-options.ts';
import { MeetingsService } from './meetings/meetings-service.ts';
import type { BucketPolicy, ObjectStore } from './object-store.ts';
import { type PipelineOptions, resolvePipelineOptions } from './pipelines/pipeline-options.ts';
import { PipelinesService } from './pipelines/pipelines-service.ts';
import { SimulatedChime } from './simulated-chime.ts';
import { actionFaults } from './sma/action-faults.ts';
import { PhoneBook } from './sma/phone-book.ts';
import type { SipMediaApplication, SmaEnvironment } from './sma/sip-media-application.ts';
import { resolveSmaOptions, type SmaOptions } from './sma/sma-options.ts';
import { voiceHandlers } from './sma/voice-service.ts';
import { resolveStreamOptions, type StreamOptions } from './streams/stream-options.ts';
import { StreamPipelines } from './streams/stream-pipelines.ts';
import { StreamPools } from './streams/stream-pools.ts';
import { VoiceConnectors } from './voice-connectors/voice-connectors.ts';
import { serve } from './wire/server.ts';

export interface ChimeOptions {
  /** Where recordings, chunks and prompts are. */
  readonly s3: ObjectStore;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Control region; clients must sign for it. @default 'us-east-1' */
  readonly region?: string | undefined;
  /** @default '111122223333' */
  readonly accountId?: string | undefined;
  /** Keys that clients may sign with. @default one made-up pair */
  readonly credentials?: SigningCredentials | undefined;
  /** @default 0, a free port */
  readonly port?: number | undefined;
  /** Dates signatures; the SDKs sign with the machine's clock. @default systemClock */
  readonly signatureClock?: Clock | undefined;
  /** What buckets let the Chime services do, asked for each action. @default everything */
  readonly bucketPolicy?: BucketPolicy | undefined;
  /** Whether S3's `Object Created` goes to the event bus. @default true */
  readonly objectCreatedEvents?: boolean | undefined;
  readonly sma?: SmaOptions | undefined;
  readonly meetings?: MeetingOptions | undefined;
  readonly pipelines?: PipelineOptions | undefined;
  readonly live?: LiveOptions | undefined;
  readonly streams?: StreamOptions | undefined;
  /** Call analytics and Voice Connectors. */
  readonly insights?: InsightsOptions | undefined;
  readonly events?: EventBridgeOptions | undefined;
}

/** Reasons of S3 events by the request that created the object. */
const REASONS: Readonly<Record<ObjectCreated['event'], string>> = {
  'ObjectCreated:Put': 'PutObject',
  'ObjectCreated:Post': 'POST Object',
  'ObjectCreated:Copy': 'CopyObject',
  'ObjectCreated:CompleteMultipartUpload': 'CompleteMultipartUpload',
};

/**
 * Starts a simulated Chime SDK.
 *
 * @example
 * ```ts
 * await using s3 = await SimulatedS3.start({ clock, buckets: ['recordings'] });
 * await using chime = await startChime({ clock, s3 });
 * const application = chime.sipMediaApplication(handler);
 * const call = application.placeInboundCall({ from: '+15550100', to: '+15550199', source: tone(440) });
 * const client = new ChimeSDKVoiceClient(chime.clientConfig());
 * ```
 * @throws the `listen` error, e.g. EADDRINUSE.
 */
export async function startChime(options: ChimeOptions): Promise<SimulatedChime> {
  const { s3: store, clock = systemClock, region = 'us-east-1', accountId = '111122223333' } = options;
  const closing = new AbortController();
  const credentials = options.credentials ?? {
    accessKeyId: 'AKIASIMULATEDEXAMPLE',
    secretAccessKey: 'simulated-secret-access-key',
  };
  const environment: ChimeEnvironment = {
    clock,
    accountId,
    region,
    store,
    bucketPolicy: options.bucketPolicy ?? (() => true),
    eventBridge: new SimulatedEventBridge(clock, options.events),
    deliveryFaults: deliveryFaults(),
    closing: closing.signal,
  };
  const sma = resolveSmaOptions(options.sma);
  const smaEnvironment: SmaEnvironment = {
    clock,
    accountId,
    region,
    phones: new PhoneBook(),
    options: sma,
    recordings: {
      clock,
      store,
      bucketPolicy: environment.bucketPolicy,
      faults: environment.deliveryFaults,
      deliveryDelayMs: sma.deliveryDelayMs,
      closing: closing.signal,
    },
    findMeeting: (meetingId) => meetings.find(meetingId),
    lambdaFaults: new FaultScript(clock),
    actionFaults: actionFaults(),
    invocations: [],
    closing: closing.signal,
  };
  const applications = new Map<string, SipMediaApplication>();
  const meetings = new MeetingsService(environment, options.meetings);
  const pipelines = new PipelinesService(environment, options.pipelines, (id) => meetings.find(id));
  const shared = resolvePipelineOptions(options.pipelines, region);
  const live = new LiveConnectors(environment, pipelines, { ...shared, ...resolveLiveOptions(options.live) });
  const streamOptions = resolveStreamOptions(options.streams);
  const pools = new StreamPools(environment, pipelines.registry.tags, streamOptions);
  const streams = new StreamPipelines(environment, pipelines, pools, { ...shared, ...streamOptions });
  const insights = new InsightsService(environment, pipelines.registry, options.insights);
  const voiceConnectors = new VoiceConnectors(environment, insights);
  const wire = await serve({
    clock,
    region,
    credentials: [credentials],
    handlers: {
      ...voiceHandlers(applications),
      ...meetings.handlers,
      ...pipelines.handlers,
      ...live.handlers,
      ...pools.handlers,
      ...streams.handlers,
      ...insights.handlers,
      ...voiceConnectors.handlers,
    },
    port: options.port,
    signatureTime: () => (options.signatureClock ?? systemClock).now(),
  });
  const stopListening =
    options.objectCreatedEvents === false ? () => {} : store.onObjectCreated((created) => publishCreated(created));
  return new SimulatedChime({
    wire,
    environment,
    smaEnvironment,
    applications,
    meetings,
    pipelines,
    live,
    pools,
    insights,
    voiceConnectors,
    credentials,
    closing,
    stopListening,
  });

  function publishCreated({ event, bucket, key, size, etag, sequencer }: ObjectCreated): void {
    const object = { bucket, key, size, etag: etag.replaceAll('"', ''), sequencer, reason: REASONS[event] };
    environment.eventBridge.publish(objectCreatedEvent(originNow(environment), object));
  }
}
