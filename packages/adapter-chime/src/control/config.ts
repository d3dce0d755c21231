import type { ChimeSDKVoiceClientConfig } from '@aws-sdk/client-chime-sdk-voice';
import type { AwsOptions } from '../aws/client-options.ts';
import { type EventSecretOptions, eventSecretProblems } from '../delivery/event-secret.ts';
import { isPlainKey } from '../delivery/landing.ts';
import { type Problem, problemsOf, type Rules } from '../options/problem.ts';
import { bucket, credentials, matching, object, region, url } from '../options/rules.ts';

export interface ChimeSmaOptions extends AwsOptions {
  /** For calls whose reference does not name it. */
  readonly sipMediaApplicationId?: string | undefined;
  /**
   * Where the functions let recordings land, for what the bucket tells of them. Default: nothing that a bucket says is
   * believed, and the worker looks by itself.
   */
  readonly bucket?: string | undefined;
  /** Key prefix in it, without slashes at its ends. */
  readonly prefix?: string | undefined;
  /** What comes with messages of the bucket that arrive over HTTP. Without it only queues and functions bring them in. */
  readonly events?: EventSecretOptions | undefined;
  /** Further options of `ChimeSDKVoiceClient`. `maxAttempts` stays 1: a repeated update is a second one. */
  readonly client?: ChimeSDKVoiceClientConfig | undefined;
}

const rules: Rules = {
  region: { required: true, rule: region },
  sipMediaApplicationId: { rule: matching(/^[\w-]{1,128}$/, 'the id of a SIP media application') },
  bucket: { rule: bucket },
  prefix: {
    rule: (value) =>
      typeof value === 'string' && isPlainKey(value)
        ? undefined
        : 'Must be key segments joined by "/", without one at either end.',
  },
  events: { rule: object },
  credentials: { rule: credentials },
  endpoint: { rule: url },
  client: { rule: object },
};

/** Everything wrong with the options, whatever they hold. */
export function chimeSmaProblems(options: unknown): readonly Problem[] {
  return [...problemsOf(options, rules), ...eventSecretProblems(options)];
}
