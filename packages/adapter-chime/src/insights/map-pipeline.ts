import type { CreateMediaInsightsPipelineCommandInput } from '@aws-sdk/client-chime-sdk-media-pipelines';
import {
  type MediaExpectation,
  OnRecordError,
  type PartTarget,
  type StartPlan,
  type Track,
  unknownMembers,
} from '@onrecord/core';
import { readKvsStreams } from './call-ref.ts';
import type { ChimeInsightsConfig, FragmentSelectorName } from './config.ts';
import { enhancedSuffix } from './recording-key.ts';

/** Options of a single start. */
export interface ChimeInsightsStartOptions {
  /** RFC 3339: from where on the streams are recorded. Default: when the start was first sent. */
  readonly from?: string | undefined;
  readonly fragmentSelector?: FragmentSelectorName | undefined;
  /** Comes back in every event and Kinesis record; `onrecord` is ours. */
  readonly metadata?: { readonly [name: string]: string } | undefined;
}

/** A pipeline stops at this age by itself. */
export const maxAgeMs: number = 8 * 3_600_000;

/** Key of the runtime metadata that carries `<sessionId>.<partId>`. */
export const correlationName = 'onrecord';

const fileName = 'recording';

/** @throws OnRecordError `invalid-request` for options and streams that cannot be recorded. */
export function pipelineRequest(plan: StartPlan, config: ChimeInsightsConfig): CreateMediaInsightsPipelineCommandInput {
  const streams = readKvsStreams(plan.call, config);
  const { from, fragmentSelector, metadata } = readStartOptions(plan);
  const start = Date.parse(from ?? plan.command.firstSentAt);
  const opus = plan.output.container === 'ogg';
  return {
    MediaInsightsPipelineConfigurationArn: config.configurationArn,
    MediaInsightsRuntimeMetadata: { ...metadata, [correlationName]: plan.correlation },
    ...(config.processors ? { KinesisVideoStreamSourceRuntimeConfiguration: processed(streams) } : {}),
    KinesisVideoStreamRecordingSourceRuntimeConfiguration: {
      Streams: streams.map((StreamArn) => ({ StreamArn })),
      FragmentSelector: {
        FragmentSelectorType: fragmentSelector ?? config.fragmentSelector,
        TimestampRange: {
          StartTimestamp: new Date(start),
          EndTimestamp: new Date(start + (plan.maxDurationMs ?? maxAgeMs)),
        },
      },
    },
    S3RecordingSinkRuntimeConfiguration: {
      Destination: `arn:aws:s3:::${config.bucket}/${partPrefix(config, plan)}/${fileName}.${opus ? 'ogg' : 'wav'}`,
      RecordingFileFormat: opus ? 'Opus' : 'Wav',
    },
    ClientRequestToken: plan.command.token,
    Tags: [{ Key: 'onrecord:session', Value: plan.sessionId }],
  };
}

/** Every part has a folder of its own. */
export function partPrefix(
  config: Pick<ChimeInsightsConfig, 'prefix'>,
  part: Pick<PartTarget, 'sessionId' | 'partId'>,
): string {
  return [config.prefix, part.sessionId, part.partId].filter((segment) => segment !== '').join('/');
}

/** Session and part in the key of a recording of ours; undefined for other keys. */
export function parseOwnKey(
  { prefix }: Pick<ChimeInsightsConfig, 'prefix'>,
  key: string,
): { readonly correlation: string; readonly enhanced: boolean } | undefined {
  const own = prefix === '' ? key : key.startsWith(`${prefix}/`) ? key.slice(prefix.length + 1) : '';
  const match = /^([0-9a-f-]{36})\/(p\d+)\/recording[./_]/.exec(own);
  if (!match) return undefined;
  return { correlation: `${match[1]}.${match[2]}`, enhanced: /_enhanced\.\w+$/.test(own) };
}

/**
 * Where the file of a pipeline of ours appears; undefined for a recording that was adopted, of which its messages tell.
 * Nothing is looked for while the recording runs: there is none before its end. The guide calls the name in a Destination optional and does not say
 * whether it is taken with its extension, so the name is looked for up to its dot.
 */
export function expectedFile(part: PartTarget, config: ChimeInsightsConfig): MediaExpectation | undefined {
  const { streams } = part.call.data;
  if (!Array.isArray(streams) || streams.length === 0) return undefined;
  return {
    prefix: `s3://${config.bucket}/${partPrefix(config, part)}/${fileName}.`,
    except: enhancedSuffix,
    role: 'master',
    container: part.output.container,
    tracks: tracksOf(part.call.key),
  };
}

/** The first stream is channel 0. */
export function tracksOf(relativeTo: string): readonly Track[] {
  const common = { relativeTo, offsetMs: 0, prompts: 'unknown' } as const;
  return [
    { ...common, channel: 0, from: 'participant' },
    { ...common, channel: 1, from: 'everyone-else' },
  ];
}

/** What processors read; roles are those that Voice Connectors give. */
function processed(
  streams: readonly [string, string],
): CreateMediaInsightsPipelineCommandInput['KinesisVideoStreamSourceRuntimeConfiguration'] {
  return {
    Streams: streams.map((StreamArn, ChannelId) => ({
      StreamArn,
      StreamChannelDefinition: {
        NumberOfChannels: 1,
        ChannelDefinitions: [{ ChannelId, ParticipantRole: ChannelId === 0 ? 'AGENT' : 'CUSTOMER' }],
      },
    })),
    MediaEncoding: 'pcm',
    MediaSampleRate: 8000,
  };
}

function readStartOptions({ providerOptions = {} }: StartPlan): ChimeInsightsStartOptions {
  const { from, fragmentSelector, metadata } = providerOptions;
  const problems = unknownMembers(providerOptions, ['from', 'fragmentSelector', 'metadata']).map(
    ({ path, message }) => `${path}: ${message}`,
  );
  if (from !== undefined && (typeof from !== 'string' || Number.isNaN(Date.parse(from)))) {
    problems.push('from: Must be a time (RFC 3339).');
  }
  if (
    fragmentSelector !== undefined &&
    fragmentSelector !== 'ProducerTimestamp' &&
    fragmentSelector !== 'ServerTimestamp'
  ) {
    problems.push('fragmentSelector: Must be ProducerTimestamp or ServerTimestamp.');
  }
  problems.push(...metadataProblems(metadata));
  if (problems.length > 0) {
    throw new OnRecordError(
      'invalid-request',
      ['A recording by call analytics cannot start so.', ...problems].join('\n- '),
      {
        context: { problems },
      },
    );
  }
  return providerOptions as ChimeInsightsStartOptions;
}

function metadataProblems(metadata: unknown): readonly string[] {
  if (metadata === undefined) return [];
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    return ['metadata: Must be an object.'];
  return Object.entries(metadata).flatMap(([name, value]) => {
    if (name === correlationName) return [`metadata.${name}: The name is taken by OnRecord.`];
    if (name.trim() === '' || name.length > 1024) return [`metadata.${name}: Names have 1 to 1,024 characters.`];
    if (typeof value !== 'string' || value.length > 4096)
      return [`metadata.${name}: Must be text of at most 4,096 characters.`];
    return [];
  });
}
