import type { AzureProfile } from '../capabilities.ts';
import type { LifetimePhase } from './lifetime-phase.ts';

/** Names of the notices, for scripts that look for one. */
export type LifetimeNoticeId = 'lifetime.sign-up' | 'lifetime.standalone-end' | 'lifetime.teams-phone-only';

/** A day on which Microsoft changes what can be recorded, and what is said of it before and after. */
export interface LifetimeEntry {
  readonly id: LifetimeNoticeId;
  readonly profile: AzureProfile;
  /** `YYYY-MM-DD` */
  readonly on: string;
  /** `days` is how many are left. */
  readonly message: { readonly [P in LifetimePhase]: (days: number) => string };
  readonly fix: { readonly [P in LifetimePhase]: string };
}

const end = '30 September 2028';

const left = (days: number): string => (days === 1 ? '1 day is left' : `${days} days are left`);

const standaloneScope =
  'rooms, group calls and other VoIP without Teams, and calls of Communication Services numbers or direct routing';

const signUpOpen = (days: number) =>
  `From 23 October 2026 new customers can no longer sign up for the services that Microsoft retires; resources created ` +
  `before go on until ${end}. ${left(days)}.`;

const createNow = 'Create the resources that you still need before that day.';

const moveOn =
  "Move to Teams Phone extensibility and the profile 'teams-phone'; nothing else keeps recording by this API. Fetch what " +
  'is in the storage of the service: files stay there for 24 hours. Files in your own Blob container stay yours.';

const newestMajor = 'Move to the newest major version of the Call Automation SDK before that day, as the guide asks.';

/** @see {@link https://learn.microsoft.com/azure/communication-services/acs-retirement-and-breaking-changes-guide} */
export const lifetimeEntries: readonly LifetimeEntry[] = [
  {
    id: 'lifetime.sign-up',
    profile: 'acs-standalone',
    on: '2026-10-23',
    message: {
      ahead: signUpOpen,
      'last-year': signUpOpen,
      'last-months': signUpOpen,
      over: () =>
        `Since 23 October 2026 new customers can no longer sign up for the services that Microsoft retires; resources ` +
        `created before that day go on until ${end}.`,
    },
    fix: {
      ahead: createNow,
      'last-year': createNow,
      'last-months': createNow,
      over: 'Keep the resource that you have: no other takes its place.',
    },
  },
  {
    id: 'lifetime.standalone-end',
    profile: 'acs-standalone',
    on: '2028-09-30',
    message: {
      ahead: () =>
        `Microsoft retires Communication Services as a standalone offering on ${end}: ${standaloneScope} can be recorded ` +
        `until then. Until then nothing new is added, and what exists is supported.`,
      'last-year': (days) =>
        `In less than a year, on ${end}, recording on a standalone resource is no longer supported: ${standaloneScope} ` +
        `end. ${left(days)}.`,
      'last-months': (days) =>
        `Recording on a standalone resource ends on ${end}: requests may then answer with errors, and data of the retired ` +
        `services is removed. ${left(days)} for ${standaloneScope}.`,
      over: () =>
        `Recording on a standalone resource has not been supported since ${end}: requests may answer with errors, and ` +
        `data of the retired services is removed. This concerns ${standaloneScope}.`,
    },
    fix: {
      ahead:
        "Plan the move to Teams Phone extensibility and the profile 'teams-phone': no other offering records alike.",
      'last-year': moveOn,
      'last-months': moveOn,
      over: moveOn,
    },
  },
  {
    id: 'lifetime.teams-phone-only',
    profile: 'teams-phone',
    on: '2028-09-30',
    message: {
      ahead: () =>
        `After ${end} recording goes on where it is documented for Teams Phone extensibility; ${standaloneScope} end then. ` +
        'Breaking changes come with a new major version of the SDK.',
      'last-year': (days) =>
        `In less than a year, on ${end}, ${standaloneScope} end; recording goes on where it is documented for Teams Phone ` +
        `extensibility, with the newest major version of the SDK. ${left(days)}.`,
      'last-months': (days) =>
        `On ${end} ${standaloneScope} end; recording goes on where it is documented for Teams Phone extensibility, with ` +
        `the newest major version of the SDK. ${left(days)}.`,
      over: () =>
        `Since ${end} recording is supported where it is documented for Teams Phone extensibility, with the newest major ` +
        `version of the SDK; ${standaloneScope} have ended.`,
    },
    fix: {
      ahead: newestMajor,
      'last-year': newestMajor,
      'last-months': newestMajor,
      over: 'Use the newest major version of the Call Automation SDK.',
    },
  },
];
