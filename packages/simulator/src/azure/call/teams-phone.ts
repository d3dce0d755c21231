import type { AzureBehaviour } from '../behaviour.ts';
import { ApiError, invalid } from '../server/api-error.ts';
import type { WireIdentifier } from './identifier.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * Why a recording of a Teams Phone call cannot be started as asked; undefined when it can. Documented are audio, WAV, and
 * `callConnectionId`; the rest is as the behaviour says.
 */
export function teamsPhoneRefusal(body: Body, behaviour: AzureBehaviour): ApiError | undefined {
  if (body['callConnectionId'] === undefined && behaviour.teamsPhoneLocatorStart !== 'accept') {
    const message = 'A call of Teams Phone is recorded by its callConnectionId.';
    return behaviour.teamsPhoneLocatorStart === '8520' ? new ApiError(405, '8520', message) : invalid(message);
  }
  const { recordingContentType: content, recordingFormatType: format } = body;
  const plain = (content ?? 'audio') === 'audio' && (format ?? 'wav') === 'wav';
  if (!plain && behaviour.teamsPhoneOutputs === 'audio-wav') {
    return invalid('A call of Teams Phone is recorded as audio in WAV.');
  }
  if (body['pauseOnStart'] === true && behaviour.teamsPhonePauseOnStart === 'refuse') {
    return invalid('pauseOnStart is not supported for calls of Teams Phone.');
  }
  const pins = [body['channelAffinity'], body['audioChannelParticipantOrdering']];
  const pinned = pins.some((list) => Array.isArray(list) && list.length > 0);
  if (pinned && behaviour.teamsPhoneChannels === 'refuse') {
    return invalid('Channels cannot be given to participants of a Teams Phone call.');
  }
  return undefined;
}

/** What Teams Phone says aloud, by itself, to those who are on the telephone. */
export interface RecordingAnnouncement {
  readonly about: 'started' | 'paused';
  /** Wall time of the simulator's clock, epoch ms. */
  readonly at: number;
  /** Raw ids of who heard it. */
  readonly listeners: readonly string[];
}

/** Its wording is not documented. */
export const ANNOUNCEMENTS: Readonly<Record<RecordingAnnouncement['about'], string>> = {
  started: 'This call is being recorded.',
  paused: 'The recording of this call is paused.',
};

/** Who hears an announcement: those on the telephone, in calls with somebody of Teams. Source: Teams Phone FAQ. */
export function announcementListeners(present: readonly WireIdentifier[]): readonly string[] {
  const teams = present.some(({ kind }) => kind === 'teamsExtensionUser' || kind === 'microsoftTeamsUser');
  return teams ? present.filter(({ kind }) => kind === 'phoneNumber').map(({ rawId }) => rawId) : [];
}
