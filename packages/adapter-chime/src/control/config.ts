import type { ChimeSDKVoiceClientConfig } from '@aws-sdk/client-chime-sdk-voice';
import type { AwsOptions } from '../aws/client-options.ts';
import { type Problem, problemsOf, type Rules } from '../options/problem.ts';
import { credentials, matching, object, region, url } from '../options/rules.ts';

export interface ChimeSmaOptions extends AwsOptions {
  /** For calls whose reference does not name it. */
  readonly sipMediaApplicationId?: string | undefined;
  /** Further options of `ChimeSDKVoiceClient`. `maxAttempts` stays 1: a repeated update is a second one. */
  readonly client?: ChimeSDKVoiceClientConfig | undefined;
}

const rules: Rules = {
  region: { required: true, rule: region },
  sipMediaApplicationId: { rule: matching(/^[\w-]{1,128}$/, 'the id of a SIP media application') },
  credentials: { rule: credentials },
  endpoint: { rule: url },
  client: { rule: object },
};

/** Everything wrong with the options, whatever they hold. */
export function chimeSmaProblems(options: unknown): readonly Problem[] {
  return problemsOf(options, rules);
}
