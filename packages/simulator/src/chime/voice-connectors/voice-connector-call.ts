import { randomUUID } from 'node:crypto';
import { type AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import type { ChimeEnvironment } from '../environment.ts';
import { insightsEvent } from '../insights/insights-event.ts';
import type { InsightsService } from '../insights/insights-service.ts';
import type { KvsStream } from '../insights/kinesis-video.ts';
import { ServiceError } from '../wire/service-error.ts';

/** A call through a Voice Connector: the PSTN side and the account's side. */
export interface NewConnectorCall {
  /** @default 'Inbound': the caller is on the PSTN, the callee in the account */
  readonly direction?: 'Inbound' | 'Outbound' | undefined;
  /** @default '+12065550100' */
  readonly from?: string | undefined;
  /** @default '+13605550199' */
  readonly to?: string | undefined;
  readonly caller?: AudioSource | undefined;
  readonly callee?: AudioSource | undefined;
}

export interface ConnectorSettings {
  readonly voiceConnectorId: string;
  /** Whether its calls are streamed. */
  readonly streams: boolean;
  /** Whether what is streamed is kept for a while: without retention nothing can be recorded after the call. */
  readonly retained: boolean;
  /** ARN of its call analytics configuration; undefined without one. */
  readonly configurationArn: string | undefined;
}

type StreamingStatus = 'STARTED' | 'UPDATED' | 'ENDED' | 'FAILED' | 'ALL_STARTED';

/** A call that streams each voice into a Kinesis video stream of its own, and lets call analytics have them. */
export class VoiceConnectorCall {
  readonly callId: string = randomUUID();
  readonly transactionId: string = randomUUID();
  readonly call: VirtualCall;
  /** What events and records say of the call. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The account's leg first: call analytics makes it channel 0. Empty where the connector does not stream. */
  readonly streams: readonly KvsStream[];
  readonly #environment: ChimeEnvironment;
  readonly #insights: InsightsService;
  readonly #settings: ConnectorSettings;
  #over = false;

  constructor(
    environment: ChimeEnvironment,
    insights: InsightsService,
    settings: ConnectorSettings,
    description: NewConnectorCall,
  ) {
    this.#environment = environment;
    this.#insights = insights;
    this.#settings = settings;
    const { direction = 'Inbound', from = '+12065550100', to = '+13605550199' } = description;
    this.metadata = {
      callId: this.callId,
      transactionId: this.transactionId,
      fromNumber: from,
      toNumber: to,
      voiceConnectorId: settings.voiceConnectorId,
      direction,
    };
    this.call = new VirtualCall(environment.clock);
    this.call.join({ name: 'caller', address: from, ...(description.caller ? { source: description.caller } : {}) });
    this.call.join({ name: 'callee', address: to, ...(description.callee ? { source: description.callee } : {}) });
    const account = direction === 'Inbound' ? 'callee' : 'caller';
    const pstn = direction === 'Inbound' ? 'caller' : 'callee';
    const prefix = `ChimeVoiceConnector-${settings.voiceConnectorId}`;
    this.streams = settings.streams
      ? [account, pstn].map((voice) => insights.kinesisVideo.publish({ call: this.call, voice, prefix }))
      : [];
    this.#begin().catch((error: unknown) => {
      if (!environment.closing.aborted) throw error;
    });
  }

  /** From now on this is the speaker's voice. */
  say(voice: 'caller' | 'callee', source: AudioSource | undefined): void {
    this.call.leave(voice);
    this.call.join({ name: voice, ...(source ? { source } : {}) });
  }

  /** A re-INVITE, or new SIPREC metadata. */
  update(): void {
    if (this.streams.length > 0) this.#publish('UPDATED', { updateHeaders: { 'call-id': this.callId } });
  }

  /** Streaming breaks off; the call goes on. */
  fail(failureReason = 'Internal failure'): void {
    if (this.#over || this.streams.length === 0) return;
    this.#over = true;
    for (const stream of this.streams) stream.end();
    this.#publish('FAILED', { failTime: this.#now(), failureReason });
  }

  /** Everybody hangs up. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.call.end();
    for (const stream of this.streams) {
      stream.end();
      this.#publish('ENDED', { ...this.#ofStream(stream), endTime: this.#now() });
    }
  }

  async #begin(): Promise<void> {
    const { clock, closing, eventBridge } = this.#environment;
    const [account, pstn] = this.streams;
    if (!account || !pstn) return;
    for (const stream of this.streams) {
      this.#publish('STARTED', {
        ...this.#ofStream(stream),
        mediaType: 'audio/L16',
        sdp: { mediaIndex: 0, mediaLabel: '1' },
      });
    }
    if (this.#insights.options.allStarted) {
      const streams = this.streams.map(({ arn, startFragmentNumber }) => ({ streamArn: arn, startFragmentNumber }));
      this.#publish('ALL_STARTED', { streams });
    }
    const { configurationArn, retained } = this.#settings;
    if (configurationArn === undefined) return;
    await clock.delay(this.#insights.options.autoCreateMs, { signal: closing });
    const told = { mediaInsightsPipelineConfigurationArn: configurationArn };
    try {
      const configuration = this.#insights.configurations.find(configurationArn);
      const fault = this.#insights.faults.take({ step: 'create' });
      if (fault !== undefined) throw new ServiceError('Forbidden', 'The service-linked role may not create a pipeline');
      if (!configuration) throw new ServiceError('NotFound', 'The configuration was not found.');
      this.#insights
        .createFor({ configuration, streams: [account, pstn], metadata: this.metadata, retained })
        .publish('Created', told);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      eventBridge.publish(
        insightsEvent(this.#environment, 'Media Insights State Change', {
          eventType: 'chime:MediaInsightsCreateFailed',
          ...this.metadata,
          ...told,
          failureOrigin: 'Voice Connector',
          httpStatusCode: error.errorName === 'NotFound' ? '404' : error.errorName === 'Forbidden' ? '403' : '400',
          failureReason: error.message,
        }),
      );
    }
  }

  #ofStream({ arn, voice, startedAt, startFragmentNumber }: KvsStream): Readonly<Record<string, unknown>> {
    const isCaller = voice === 'caller';
    const spelt = isCaller ? 'True' : 'False';
    return {
      isCaller: this.#insights.options.isCaller === 'boolean' ? isCaller : spelt,
      startFragmentNumber,
      startTime: new Date(startedAt).toISOString(),
      streamArn: arn,
    };
  }

  #publish(streamingStatus: StreamingStatus, more: Readonly<Record<string, unknown>>): void {
    const event = insightsEvent(this.#environment, 'Chime VoiceConnector Streaming Status', {
      streamingStatus,
      ...this.metadata,
      ...more,
    });
    this.#environment.eventBridge.publish(event);
  }

  #now(): string {
    return new Date(this.#environment.clock.now()).toISOString();
  }
}
