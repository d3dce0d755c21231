import type { ChimeSDKMediaPipelinesClientConfig } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { ChimeSDKMeetingsClientConfig } from '@aws-sdk/client-chime-sdk-meetings';
import type { AwsOptions } from '../aws/client-options.ts';
import {
  type EventSecretOptions,
  type EventSecrets,
  eventSecretProblems,
  resolveEventSecrets,
} from '../delivery/event-secret.ts';
import { type Problem, problemsOf, type Rules, refuseProblems } from '../options/problem.ts';
import { bucket, credentials, matching, object, region, text, url } from '../options/rules.ts';
import { defaultMeetingProvider } from './call-ref.ts';
import {
  type CaptureConfig,
  type ChimeCaptureOptions,
  captureOptionNames,
  captureOptionProblems,
  resolveCapture,
} from './capture/capture-config.ts';
import { type BucketOptions, bucketRules } from './chunks/bucket-options.ts';
import {
  type ChimeConcatenationOptions,
  type ConcatenationSettings,
  concatenationRules,
  resolveConcatenation,
} from './concatenation/options.ts';

import { resolveSides, type SidesConfig, sidesProblems } from './sides/side-config.ts';
import type { ChimeSidesOptions } from './sides/side-options.ts';

export type { MeetingVideo } from './capture/start-options.ts';

export interface ChimeMeetingOptions extends AwsOptions, ChimeCaptureOptions {
  /** Bucket for chunks and finished files. Its policy must admit `mediapipelines.chime.amazonaws.com`. */
  readonly bucket: string;
  /** Key prefix in it, without slashes at its ends; at most 800 letters, digits, "/", ":", "-", "_" and ".". */
  readonly prefix?: string | undefined;
  /** Needed for meetings whose reference has no ARN. Notices bring the account themselves. */
  readonly accountId?: string | undefined;
  /** Name of the provider instance, for the references in notices. Default `chime-meeting`. */
  readonly instance?: string | undefined;
  readonly events?: EventSecretOptions | undefined;
  /** How the bucket is reached, where its chunks and results are read. Default: with region and credentials of above. */
  readonly s3?: BucketOptions | undefined;
  /** How the chunks become a file. */
  readonly concatenation?: ChimeConcatenationOptions | undefined;
  /** Live outputs and Kinesis video streams beside the recordings. */
  readonly sides?: ChimeSidesOptions | undefined;
  /** Further options of the SDK clients. */
  readonly client?: Partial<ChimeSDKMediaPipelinesClientConfig & ChimeSDKMeetingsClientConfig> | undefined;
}

/** The options, checked and with every default filled in. */
export interface ChimeMeetingConfig extends AwsOptions, EventSecrets {
  readonly bucket: string;
  readonly prefix: string;
  readonly accountId: string | undefined;
  readonly instance: string;
  readonly capture: CaptureConfig;
  readonly s3: BucketOptions;
  readonly concatenation: ConcatenationSettings;
  readonly sides: SidesConfig;
  readonly client: NonNullable<ChimeMeetingOptions['client']>;
}

const rules: Rules = {
  region: { required: true, rule: region },
  bucket: { required: true, rule: bucket },
  // What the pattern of a sink's ARN admits, and room in its 1 024 characters for bucket, session and part.
  prefix: {
    rule: matching(
      /^(?=.{0,800}$)(?:[\w.:-]+(?:\/[\w.:-]+)*)?$/,
      'at most 800 letters, digits, ".", ":", "_" and "-" in segments joined by "/", without one at either end',
    ),
  },
  accountId: { rule: matching(/^\d{12}$/, 'the 12 digits of an AWS account') },
  instance: { rule: text },
  events: { rule: object },
  credentials: { rule: credentials },
  endpoint: { rule: url },
  s3: { rule: object },
  concatenation: { rule: object },
  sides: { rule: object },
  client: { rule: object },
};

/** Everything wrong with the options, whatever they hold. */
export function chimeMeetingProblems(options: unknown): readonly Problem[] {
  const { s3, concatenation } = (options ?? {}) as { readonly s3?: unknown; readonly concatenation?: unknown };
  return [
    ...problemsOf(withoutCapture(options), rules),
    ...captureOptionProblems(options),
    ...eventSecretProblems(options),
    ...nested('s3', s3, bucketRules),
    ...nested('concatenation', concatenation, concatenationRules),
    ...sidesOf(options),
  ];
}

function sidesOf(options: unknown): readonly Problem[] {
  const { sides } = (options ?? {}) as { readonly sides?: unknown };
  return typeof sides === 'object' && sides !== null && !Array.isArray(sides) ? sidesProblems(sides) : [];
}

/** The options that this file knows, and those that nobody knows. */
function withoutCapture(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !captureOptionNames.includes(name)));
}

function nested(name: string, value: unknown, own: Rules): readonly Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return problemsOf(value, own).map(({ path, message }) => ({ path: `${name}.${path}`, message }));
}

/** @throws OnRecordError `invalid-request` that lists every problem with its path. */
export function resolveMeetingConfig(options: ChimeMeetingOptions): ChimeMeetingConfig {
  refuseProblems('Chime meeting provider', chimeMeetingProblems(options));
  return {
    region: options.region,
    credentials: options.credentials,
    endpoint: options.endpoint,
    bucket: options.bucket,
    prefix: options.prefix ?? '',
    accountId: options.accountId,
    instance: options.instance ?? defaultMeetingProvider,
    capture: resolveCapture(options),
    ...resolveEventSecrets(options.events),
    s3: options.s3 ?? {},
    concatenation: resolveConcatenation(options.concatenation),
    sides: resolveSides(options.sides),
    client: options.client ?? {},
  };
}
