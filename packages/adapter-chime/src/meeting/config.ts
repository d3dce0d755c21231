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
import { bucket, credentials, matching, object, oneOf, prefix, region, text, url } from '../options/rules.ts';
import { defaultMeetingProvider } from './call-ref.ts';

/** Which picture an `audio-video` recording shows: who speaks, or everybody in a grid. */
export type MeetingVideo = 'active-speaker' | 'composited';

export interface ChimeMeetingOptions extends AwsOptions {
  /** Bucket for chunks and finished files. Its policy must admit `mediapipelines.chime.amazonaws.com`. */
  readonly bucket: string;
  /** Key prefix in it, without slashes at its ends. */
  readonly prefix?: string | undefined;
  /** Needed for meetings whose reference has no ARN. Notices bring the account themselves. */
  readonly accountId?: string | undefined;
  /** Name of the provider instance, for the references in notices. Default `chime-meeting`. */
  readonly instance?: string | undefined;
  /** Default `active-speaker`. */
  readonly video?: MeetingVideo | undefined;
  readonly events?: EventSecretOptions | undefined;
  /** Further options of the SDK clients. */
  readonly client?: Partial<ChimeSDKMediaPipelinesClientConfig & ChimeSDKMeetingsClientConfig> | undefined;
}

/** The options, checked and with every default filled in. */
export interface ChimeMeetingConfig extends AwsOptions, EventSecrets {
  readonly bucket: string;
  readonly prefix: string;
  readonly accountId: string | undefined;
  readonly instance: string;
  readonly video: MeetingVideo;
  readonly client: NonNullable<ChimeMeetingOptions['client']>;
}

const rules: Rules = {
  region: { required: true, rule: region },
  bucket: { required: true, rule: bucket },
  prefix: { rule: prefix },
  accountId: { rule: matching(/^\d{12}$/, 'the 12 digits of an AWS account') },
  instance: { rule: text },
  video: { rule: oneOf('active-speaker', 'composited') },
  events: { rule: object },
  credentials: { rule: credentials },
  endpoint: { rule: url },
  client: { rule: object },
};

/** Everything wrong with the options, whatever they hold. */
export function chimeMeetingProblems(options: unknown): readonly Problem[] {
  return [...problemsOf(options, rules), ...eventSecretProblems(options)];
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
    video: options.video ?? 'active-speaker',
    ...resolveEventSecrets(options.events),
    client: options.client ?? {},
  };
}
