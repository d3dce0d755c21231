import {
  CreateMediaInsightsPipelineCommand,
  CreateMediaInsightsPipelineConfigurationCommand,
  type CreateMediaInsightsPipelineRequest,
  GetMediaPipelineCommand,
  type MediaInsightsPipelineConfigurationElement,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { PutVoiceConnectorStreamingConfigurationCommand } from '@aws-sdk/client-chime-sdk-voice';
import { tone, VirtualCall } from '../../call/virtual-call.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { SimulatedS3 } from '../../s3/index.ts';
import type { SimulatedChime } from '../simulated-chime.ts';
import { type ChimeOptions, startChime } from '../start-chime.ts';
import type { VoiceConnector } from '../voice-connectors/voice-connectors.ts';
import { type Clients, openClients } from './clients.ts';

export const AGENT_HZ = 440;
export const CALLER_HZ = 1_000;
export const ROLE = 'arn:aws:iam::111122223333:role/insights';
export const RECORDS = 'arn:aws:kinesis:us-east-1:111122223333:stream/insights';

export const recording: MediaInsightsPipelineConfigurationElement = {
  Type: 'S3RecordingSink',
  S3RecordingSinkConfiguration: { Destination: 'arn:aws:s3:::recordings/calls', RecordingFileFormat: 'Wav' },
};
export const records: MediaInsightsPipelineConfigurationElement = {
  Type: 'KinesisDataStreamSink',
  KinesisDataStreamSinkConfiguration: { InsightsTarget: RECORDS },
};
export const transcription: MediaInsightsPipelineConfigurationElement = {
  Type: 'AmazonTranscribeProcessor',
  AmazonTranscribeProcessorConfiguration: { LanguageCode: 'en-US' },
};
export const enhancement: MediaInsightsPipelineConfigurationElement = {
  Type: 'VoiceEnhancementSink',
  VoiceEnhancementSinkConfiguration: { Disabled: false },
};

/** Call analytics of one account, and the vendor's clients. */
export interface InsightsScene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  readonly clients: Clients;
  /** Creates a configuration, and returns its ARN. */
  configure(elements: readonly MediaInsightsPipelineConfigurationElement[], name?: string): Promise<string>;
  /** A pipeline on the two streams of a fresh call; ends with it. */
  record(
    configurationArn: string,
    request?: Partial<CreateMediaInsightsPipelineRequest>,
  ): Promise<{ readonly id: string; end(): void }>;
  /** A Voice Connector whose streaming is in effect already. */
  connect(configurationArn: string | undefined): Promise<VoiceConnector>;
  /** Pipeline status and element statuses, as the API tells them. */
  status(id: string): Promise<string>;
  /** Change of state, and element statuses, of every event of call analytics. */
  told(): readonly string[];
}

export async function openInsightsScene(options: Partial<ChimeOptions> = {}): Promise<InsightsScene> {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: ['recordings'] });
  const chime = await startChime({ clock, s3, objectCreatedEvents: false, ...options });
  const clients = openClients(chime);
  let names = 0;
  return {
    clock,
    s3,
    chime,
    clients,
    async configure(elements, name = `configuration-${names++}`) {
      const { MediaInsightsPipelineConfiguration: made } = await clients.pipelines.send(
        new CreateMediaInsightsPipelineConfigurationCommand({
          MediaInsightsPipelineConfigurationName: name,
          ResourceAccessRoleArn: ROLE,
          Elements: [...elements],
        }),
      );
      return made!.MediaInsightsPipelineConfigurationArn!;
    },
    async record(configurationArn, request = {}) {
      const call = new VirtualCall(clock);
      call.join({ name: 'agent', source: tone(AGENT_HZ) });
      call.join({ name: 'caller', source: tone(CALLER_HZ) });
      const streams = ['agent', 'caller'].map((voice) => chime.kvsStream({ call, voice }));
      const { MediaInsightsPipeline: made } = await clients.pipelines.send(
        new CreateMediaInsightsPipelineCommand({
          MediaInsightsPipelineConfigurationArn: configurationArn,
          MediaInsightsRuntimeMetadata: { order: '42' },
          KinesisVideoStreamRecordingSourceRuntimeConfiguration: {
            Streams: streams.map(({ arn }) => ({ StreamArn: arn })),
            FragmentSelector: {
              FragmentSelectorType: 'ServerTimestamp',
              TimestampRange: {
                StartTimestamp: new Date(clock.now()),
                EndTimestamp: new Date(clock.now() + 10 * 3_600_000),
              },
            },
          },
          S3RecordingSinkRuntimeConfiguration: {
            Destination: 'arn:aws:s3:::recordings/own/a.wav',
            RecordingFileFormat: 'Wav',
          },
          ...request,
        }),
      );
      const end = () => {
        for (const stream of streams) stream.end();
      };
      return { id: made!.MediaPipelineId!, end };
    },
    async connect(configurationArn) {
      const connector = chime.createVoiceConnector();
      await clients.voice.send(
        new PutVoiceConnectorStreamingConfigurationCommand({
          VoiceConnectorId: connector.id,
          StreamingConfiguration: {
            DataRetentionInHours: 24,
            Disabled: false,
            StreamingNotificationTargets: [{ NotificationTarget: 'EventBridge' }],
            ...(configurationArn === undefined
              ? {}
              : { MediaInsightsConfiguration: { Disabled: false, ConfigurationArn: configurationArn } }),
          },
        }),
      );
      await clock.advance(300_000);
      return connector;
    },
    async status(id) {
      const { MediaPipeline } = await clients.pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId: id }));
      const { Status, ElementStatuses = [] } = MediaPipeline?.MediaInsightsPipeline ?? {};
      return [Status, ...ElementStatuses.map((element) => `${element.Type} ${element.Status}`)].join(', ');
    },
    told: () =>
      chime.eventBridge
        .events()
        .filter((event) => event['detail-type'] === 'Media Insights State Change')
        .map(({ detail }) => {
          const elements = (detail['mediaInsightsPipelineElementStatuses'] ?? []) as readonly {
            readonly type: string;
            readonly status: string;
          }[];
          const change = String(detail['eventType']).replace('chime:MediaInsights', '');
          return [change, ...elements.map(({ type, status }) => `${type} ${status}`)].join(', ');
        }),
    [Symbol.asyncDispose]: async () => {
      clients[Symbol.dispose]();
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}
