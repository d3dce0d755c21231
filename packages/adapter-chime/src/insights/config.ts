import type { ChimeSDKMediaPipelinesClientConfig } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { AwsOptions } from '../aws/client-options.ts';
import {
  type EventSecretOptions,
  type EventSecrets,
  eventSecretProblems,
  resolveEventSecrets,
} from '../delivery/event-secret.ts';
import type { EventBridgeEvent } from '../meeting/event-bridge-event.ts';
import { type Problem, problemsOf, type Rules, refuseProblems } from '../options/problem.ts';
import { bucket, credentials, matching, object, oneOf, prefix, text, url } from '../options/rules.ts';
import { defaultInsightsProvider } from './call-ref.ts';
import { recordingRegions } from './regions.ts';

/** Which clock chooses the fragments of a stream: that of whoever wrote them, or that of Kinesis. */
export type FragmentSelectorName = 'ProducerTimestamp' | 'ServerTimestamp';

/** Calls of Voice Connectors that record by themselves. */
export interface AdoptOptions {
  /** Ids of the connectors that are associated with the configuration, or `any`. */
  readonly voiceConnectors: 'any' | readonly string[];
  /** What its S3RecordingSink writes: `Wav` is `wav`, `Opus` is `ogg`. Default `wav`. */
  readonly container?: 'wav' | 'ogg' | undefined;
}

export interface ChimeInsightsOptions extends AwsOptions {
  /** Account of streams, configuration and bucket. */
  readonly accountId: string;
  /** Bucket of the recordings: that of the configuration's S3RecordingSink. */
  readonly bucket: string;
  /** Key prefix in it, without slashes at its ends; with `adopt`, that of the configuration's Destination. */
  readonly prefix?: string | undefined;
  /** Name or ARN of the media insights pipeline configuration. */
  readonly configuration: string;
  /** Whether the configuration holds processors: they need the streams as well. Default false. */
  readonly processors?: boolean | undefined;
  /** Default `ServerTimestamp`. */
  readonly fragmentSelector?: FragmentSelectorName | undefined;
  /** Default: none, and events about recordings that nobody here started are left alone. */
  readonly adopt?: AdoptOptions | undefined;
  /** Name of the provider instance, for the references in notices. Default `chime-insights`. */
  readonly instance?: string | undefined;
  /** What an EventBridge API destination sends with each event, and whoever forwards Kinesis records. */
  readonly events?: EventSecretOptions | undefined;
  /** Takes `Media Insights Rules Matched` as it came; what it throws makes the sender deliver it again. */
  readonly onRulesMatched?: ((event: EventBridgeEvent) => void | Promise<void>) | undefined;
  /** Further options of the SDK client. */
  readonly client?: Partial<ChimeSDKMediaPipelinesClientConfig> | undefined;
}

/** The options, checked and with every default filled in. */
export interface ChimeInsightsConfig extends AwsOptions, EventSecrets {
  readonly accountId: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly configurationArn: string;
  readonly processors: boolean;
  readonly fragmentSelector: FragmentSelectorName;
  readonly adopt: AdoptOptions | undefined;
  readonly instance: string;
  readonly onRulesMatched: ChimeInsightsOptions['onRulesMatched'];
  readonly client: NonNullable<ChimeInsightsOptions['client']>;
}

/** So that the ARN of a file under it has at most 1,024. */
const maxPrefix = 900;

const name = /^[0-9a-zA-Z._-]{2,64}$/;
const arn = /^arn:[\w-]+:chime:([a-z0-9-]+):(\d{12}):media-insights-pipeline-configuration\/[0-9a-zA-Z._-]{2,64}$/;

/** What is wrong with the name or ARN of a configuration. */
export function configurationProblem(value: unknown): string | undefined {
  return typeof value === 'string' && (name.test(value) || arn.test(value))
    ? undefined
    : 'Must be the name of a configuration (2 to 64 letters, digits, ".", "_", "-") or its ARN.';
}

const flag = (value: unknown) => (typeof value === 'boolean' ? undefined : 'Must be true or false.');

const rules: Rules = {
  region: {
    required: true,
    rule: (value) =>
      recordingRegions.includes(String(value))
        ? undefined
        : `Must be ${recordingRegions.join(', ')}: call analytics records nowhere else.`,
  },
  accountId: { required: true, rule: matching(/^\d{12}$/, 'the 12 digits of an AWS account') },
  bucket: { required: true, rule: bucket },
  prefix: {
    rule: (value) =>
      prefix(value) ?? (String(value).length > maxPrefix ? `Must have at most ${maxPrefix} characters.` : undefined),
  },
  configuration: {
    required: true,
    rule: configurationProblem,
  },
  processors: { rule: flag },
  fragmentSelector: { rule: oneOf('ProducerTimestamp', 'ServerTimestamp') },
  adopt: { rule: object },
  instance: { rule: text },
  events: { rule: object },
  onRulesMatched: { rule: (value) => (typeof value === 'function' ? undefined : 'Must be a function.') },
  credentials: { rule: credentials },
  endpoint: { rule: url },
  client: { rule: object },
};

const adoptRules: Rules = {
  voiceConnectors: {
    required: true,
    rule: (value) =>
      value === 'any' || (Array.isArray(value) && value.length > 0 && value.every((id) => text(id) === undefined))
        ? undefined
        : 'Must be any, or the ids of Voice Connectors.',
  },
  container: { rule: oneOf('wav', 'ogg') },
};

/** Everything wrong with the options, whatever they hold. */
export function chimeInsightsProblems(options: unknown): readonly Problem[] {
  const given = (options ?? {}) as Partial<Record<keyof ChimeInsightsOptions, unknown>>;
  const { adopt, configuration } = given;
  const nested = typeof adopt === 'object' && adopt !== null ? problemsOf(adopt, adoptRules) : [];
  const [, region, accountId] = arn.exec(String(configuration)) ?? [];
  const elsewhere = region !== undefined && (region !== given.region || accountId !== given.accountId);
  return [
    ...problemsOf(options, rules),
    ...(elsewhere ? [{ path: 'configuration', message: 'Must be in the region and account of the options.' }] : []),
    ...eventSecretProblems(options),
    ...nested.map(({ path, message }) => ({ path: `adopt.${path}`, message })),
  ];
}

/** @throws OnRecordError `invalid-request` that lists every problem with its path. */
export function resolveInsightsConfig(options: ChimeInsightsOptions): ChimeInsightsConfig {
  refuseProblems('Chime insights provider', chimeInsightsProblems(options));
  const { region, accountId, configuration } = options;
  return {
    region,
    credentials: options.credentials,
    endpoint: options.endpoint,
    accountId,
    bucket: options.bucket,
    prefix: options.prefix ?? '',
    configurationArn: configurationArn(configuration, { region, accountId }),
    processors: options.processors ?? false,
    fragmentSelector: options.fragmentSelector ?? 'ServerTimestamp',
    adopt: options.adopt,
    instance: options.instance ?? defaultInsightsProvider,
    ...resolveEventSecrets(options.events),
    onRulesMatched: options.onRulesMatched,
    client: options.client ?? {},
  };
}

/** The ARN of a configuration that is given by name or ARN. */
export function configurationArn(
  nameOrArn: string,
  { region, accountId }: { readonly region: string; readonly accountId: string },
): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  return `arn:aws:chime:${region}:${accountId}:media-insights-pipeline-configuration/${nameOrArn}`;
}

/** Whether a recording of this Voice Connector, by this configuration if it is told, is to be adopted. */
export function adopts(
  { adopt, configurationArn: own }: ChimeInsightsConfig,
  voiceConnectorId: string,
  configuration?: string | undefined,
): boolean {
  if (!adopt || (configuration !== undefined && configuration !== own)) return false;
  return adopt.voiceConnectors === 'any' || adopt.voiceConnectors.includes(voiceConnectorId);
}
