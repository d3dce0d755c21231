import { randomUUID } from 'node:crypto';
import type { FaultScript, SigningCredentials } from '../http/index.ts';
import type { DeliveryFaults } from './delivery-faults.ts';
import type { ChimeEnvironment } from './environment.ts';
import type { SimulatedEventBridge } from './events/event-bridge.ts';
import type { InsightsFaults } from './insights/insights-faults.ts';
import type { InsightsService } from './insights/insights-service.ts';
import type { KinesisData } from './insights/kinesis-data.ts';
import type { KvsSource, KvsStream } from './insights/kinesis-video.ts';
import type { Published } from './live/live-connector-pipeline.ts';
import type { LiveConnectors } from './live/live-connectors.ts';
import type { MeetingsService, NewMeeting } from './meetings/meetings-service.ts';
import type { SimulatedMeeting } from './meetings/simulated-meeting.ts';
import type { ConcatenationFaults } from './pipelines/concatenation-faults.ts';
import type { RegisteredPipeline } from './pipelines/pipeline-registry.ts';
import type { PipelinesService } from './pipelines/pipelines-service.ts';
import type { ActionFaults } from './sma/action-faults.ts';
import type { JournalledInvocation, LambdaTarget } from './sma/lambda.ts';
import type { Phone } from './sma/phone-book.ts';
import { SipMediaApplication, type SmaEnvironment } from './sma/sip-media-application.ts';
import type { KinesisVideoStream } from './streams/kinesis-video-stream.ts';
import type { StreamPools } from './streams/stream-pools.ts';
import type { VoiceConnector, VoiceConnectors } from './voice-connectors/voice-connectors.ts';
import type { JournalledRequest, Wire } from './wire/server.ts';

/** What a simulator is made of. */
export interface ChimeParts {
  readonly wire: Wire;
  readonly environment: ChimeEnvironment;
  readonly smaEnvironment: SmaEnvironment;
  readonly applications: Map<string, SipMediaApplication>;
  readonly meetings: MeetingsService;
  readonly pipelines: PipelinesService;
  readonly live: LiveConnectors;
  readonly pools: StreamPools;
  readonly insights: InsightsService;
  readonly voiceConnectors: VoiceConnectors;
  readonly credentials: SigningCredentials;
  readonly closing: AbortController;
  readonly stopListening: () => void;
}

/**
 * The Amazon Chime SDK of one account and control region on 127.0.0.1: SIP media applications, meetings and media
 * pipelines with real audio, their APIs for the unmodified AWS SDKs, and their events. `startChime` starts it.
 */
export class SimulatedChime implements AsyncDisposable {
  readonly eventBridge: SimulatedEventBridge;
  /** What goes wrong with API requests; operations are named as in the API. */
  readonly faults: FaultScript;
  /** What goes wrong with invocations of Lambda functions; operations are InvocationEventTypes. */
  readonly lambdaFaults: FaultScript;
  /** Which actions fail. */
  readonly actionFaults: ActionFaults;
  /** What goes wrong with files on their way to S3. */
  readonly deliveryFaults: DeliveryFaults;
  /** What goes wrong in call analytics. */
  readonly insightsFaults: InsightsFaults;
  /** The Kinesis data streams that call analytics writes to. */
  readonly kinesis: KinesisData;
  /** What goes wrong with concatenations. */
  readonly concatenationFaults: ConcatenationFaults;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: SigningCredentials;
  readonly #wire: Wire;
  readonly #smaEnvironment: SmaEnvironment;
  readonly #applications: Map<string, SipMediaApplication>;
  readonly #meetings: MeetingsService;
  readonly #pipelines: PipelinesService;
  readonly #live: LiveConnectors;
  readonly #pools: StreamPools;
  readonly #insights: InsightsService;
  readonly #voiceConnectors: VoiceConnectors;
  readonly #closing: AbortController;
  readonly #stopListening: () => void;

  constructor(parts: ChimeParts) {
    this.eventBridge = parts.environment.eventBridge;
    this.deliveryFaults = parts.environment.deliveryFaults;
    this.concatenationFaults = parts.pipelines.concatenationFaults;
    this.region = parts.environment.region;
    this.accountId = parts.environment.accountId;
    this.faults = parts.wire.faults;
    this.lambdaFaults = parts.smaEnvironment.lambdaFaults;
    this.actionFaults = parts.smaEnvironment.actionFaults;
    this.credentials = parts.credentials;
    this.#wire = parts.wire;
    this.#smaEnvironment = parts.smaEnvironment;
    this.#applications = parts.applications;
    this.#meetings = parts.meetings;
    this.#pipelines = parts.pipelines;
    this.#live = parts.live;
    this.#pools = parts.pools;
    this.#insights = parts.insights;
    this.insightsFaults = parts.insights.faults;
    this.kinesis = parts.insights.kinesis;
    this.#voiceConnectors = parts.voiceConnectors;
    this.#closing = parts.closing;
    this.#stopListening = parts.stopListening;
  }

  /** One address for the voice, meetings and media pipelines APIs. */
  get endpoint(): string {
    return this.#wire.endpoint.origin;
  }

  /** What to construct any of the three SDK clients with. */
  clientConfig(): {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  } {
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentials;
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    return { endpoint: this.endpoint, region: this.region, credentials };
  }

  /** Creates a SIP media application whose events go to `lambda`. @param id default a UUID */
  sipMediaApplication(lambda: LambdaTarget, id: string = randomUUID()): SipMediaApplication {
    const application = new SipMediaApplication(id, lambda, this.#smaEnvironment);
    this.#applications.set(id, application);
    return application;
  }

  /** Says whom a number reaches when an application dials it; others are never answered. */
  phone(number: string, phone: Phone): void {
    this.#smaEnvironment.phones.set(number, phone);
  }

  /** Creates a meeting without a request. */
  createMeeting(description: NewMeeting = {}): SimulatedMeeting {
    return this.#meetings.create(description);
  }

  /** A meeting that is not over, the way to let people join one that a client created. */
  meeting(meetingId: string): SimulatedMeeting | undefined {
    return this.#meetings.find(meetingId);
  }

  /**
   * Receives what a queue, topic or function is told that a meeting named in its NotificationsConfiguration. Returns the
   * way to stop.
   */
  onNotification(arn: string, listener: (body: string) => void): () => void {
    return this.#meetings.notifications.on(arn, listener);
  }

  /** All media pipelines that were created, oldest first, whatever became of them: repeated requests add none. */
  pipelines(): readonly Pick<RegisteredPipeline, 'id' | 'type' | 'status'>[] {
    return this.#pipelines.registry.all.map(({ id, type, status }) => ({ id, type, status }));
  }

  /** What live connectors sent to RTMP servers, URLs with their keys included. No server is contacted. */
  published(): readonly Published[] {
    return this.#live.published;
  }

  /** The Kinesis video streams that were written into, with who was heard in them and when; the audio is not kept. */
  kinesisVideoStreams(): readonly KinesisVideoStream[] {
    return this.#pools.streams;
  }

  /** Writes a voice of a call into a Kinesis video stream, from now until the stream is ended. */
  kvsStream(source: KvsSource): KvsStream {
    return this.#insights.kinesisVideo.publish(source);
  }

  /** Creates a Voice Connector without a request. It streams nothing until a client says so. */
  createVoiceConnector(name = 'connector'): VoiceConnector {
    return this.#voiceConnectors.create(name);
  }

  /** The way to let calls come through a Voice Connector that a client created. */
  voiceConnector(id: string): VoiceConnector | undefined {
    return this.#voiceConnectors.find(id);
  }

  /** Every request that arrived, in the order of the answers. */
  requests(): readonly JournalledRequest[] {
    return this.#wire.requests();
  }

  /** Every attempt to invoke a Lambda function, in the order of the outcomes. */
  invocations(): readonly JournalledInvocation[] {
    return [...this.#smaEnvironment.invocations];
  }

  /** Stops everything: no event, file or answer comes after it. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopListening();
    this.eventBridge.close();
    await this.#wire.endpoint.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
