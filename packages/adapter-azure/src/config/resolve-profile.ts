import { type AzureAttempt, type AzureProfile, azureAttempts, azureProfiles } from '../capabilities.ts';
import type { AzureOptions } from './options.ts';
import type { Problem } from './problem.ts';

/** Which calls are recorded, and what of them although no page documents it. */
export interface ProfileConfig {
  readonly profile: AzureProfile;
  readonly attempt: readonly AzureAttempt[];
}

export function resolveProfile(options: AzureOptions, problems: Problem[]): ProfileConfig {
  const { profile = 'acs-standalone', attempt = [] } = options;
  if (!azureProfiles.includes(profile)) {
    problems.push({ path: 'profile', message: `Must be ${azureProfiles.join(' or ')}.` });
  }
  const given: unknown = attempt;
  if (!Array.isArray(given)) {
    problems.push({ path: 'attempt', message: `Must be a list of ${azureAttempts.join(', ')}.` });
    return { profile, attempt: [] };
  }
  if (given.length > 0 && profile === 'acs-standalone') {
    problems.push({ path: 'attempt', message: 'Belongs to the profile teams-phone: acs-standalone is documented.' });
  }
  for (const [index, what] of attempt.entries()) {
    if (azureAttempts.includes(what)) continue;
    problems.push({ path: `attempt.${index}`, message: `Must be one of ${azureAttempts.join(', ')}.` });
  }
  return { profile, attempt };
}
