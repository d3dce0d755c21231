import type { AzureProfile } from './profile.ts';
import { teamsPhonePages } from './teams-phone-pages.ts';

/** What can be asked for under Teams Phone although no page says that it works: values of the option `attempt`. */
export const azureAttempts = [
  'serverCallId',
  'mp3',
  'mp4',
  'pauseOnStart',
  'channelAffinity',
  'audioChannelParticipantOrdering',
] as const;

export type AzureAttempt = (typeof azureAttempts)[number];

/** Something that Microsoft's pages leave open. */
export interface Undocumented {
  readonly what:
    | AzureAttempt
    | 'recordingKind'
    | 'fileEvent'
    | 'getState'
    | 'startStatus'
    | 'announcementOnResume'
    | 'limits';
  /**
   * `refused`: not sent unless `attempt` names it. `expected`: nothing of it can be asked for; the adapter takes whatever
   * comes, and relies on it no more than `why` says.
   */
  readonly handling: 'refused' | 'expected';
  /** What the pages do say, as a sentence. */
  readonly why: string;
  /** The page that would have to say it. */
  readonly source: string;
}

const { overview, quickstart, cost, guide, faq, capabilities } = teamsPhonePages;

const underTeamsPhone: readonly Undocumented[] = [
  {
    what: 'serverCallId',
    handling: 'refused',
    why: 'The quickstart starts by callConnectionId and says that it is needed.',
    source: quickstart,
  },
  { what: 'mp3', handling: 'refused', why: 'The quickstart says to use WAV; no page names MP3.', source: quickstart },
  {
    what: 'mp4',
    handling: 'refused',
    why: 'The quickstart says to use audio and WAV; only the page on cost speaks of recordings of audio and video.',
    source: cost,
  },
  {
    what: 'pauseOnStart',
    handling: 'refused',
    why: 'The overview names start, stop, pause and resume, and no start in pause.',
    source: overview,
  },
  {
    what: 'channelAffinity',
    handling: 'refused',
    why: 'Unmixed recording is named, and not that participants can be given channels.',
    source: quickstart,
  },
  {
    what: 'audioChannelParticipantOrdering',
    handling: 'refused',
    why: 'Unmixed recording is named, and not that participants can be given an order of channels.',
    source: quickstart,
  },
  {
    what: 'recordingKind',
    handling: 'expected',
    why: 'Which kind of recording the service calls it is not said, so no event is told from another by it.',
    source: quickstart,
  },
  {
    what: 'fileEvent',
    handling: 'expected',
    why:
      'The guide takes for granted that files are obtained as usual; no page says that RecordingFileStatusUpdated comes ' +
      'for these calls. Without it a recording ends as missing: make one test call before you rely on it.',
    source: guide,
  },
  {
    what: 'getState',
    handling: 'expected',
    why: 'The overview names start, stop, pause and resume; asking for the state is the same API, and is not named.',
    source: overview,
  },
  {
    what: 'startStatus',
    handling: 'expected',
    why: 'A start is answered 204 by the quickstart and 202 by the API description: any success is taken for accepted.',
    source: quickstart,
  },
  {
    what: 'announcementOnResume',
    handling: 'expected',
    why:
      'Phone users hear an announcement of the service when a recording starts or pauses; whether they hear one on resume ' +
      'and stop, in which words and language, and how it is turned off, is not said.',
    source: faq,
  },
  {
    what: 'limits',
    handling: 'expected',
    why: 'No limit of duration, participants or regions is named for recordings of these calls.',
    source: capabilities,
  },
];

/**
 * What Microsoft's pages leave open under a profile, each with what they do say. Under `acs-standalone` nothing is refused
 * for want of a page.
 */
export function unknownUnder(profile: AzureProfile): readonly Undocumented[] {
  return profile === 'teams-phone' ? underTeamsPhone : [];
}
