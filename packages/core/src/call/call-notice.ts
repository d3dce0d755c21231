import type { CallRef } from './call-ref.ts';

interface NoticeBase {
  /** Stable id of this notice: a redelivered provider event yields the same one. */
  readonly noticeId: string;
  readonly call: CallRef;
  /** RFC 3339, absent where the provider's event carries no time (SMA events). */
  readonly at?: string | undefined;
}

/** The call exists and media can flow; `answered: false` where nobody has picked up yet (SMA NEW_INBOUND_CALL). */
export interface CallConnected extends NoticeBase {
  readonly type: 'call.connected';
  readonly answered: boolean;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** @personal */
  readonly from?: string | undefined;
  /** @personal */
  readonly to?: string | undefined;
}

export interface CallEnded extends NoticeBase {
  readonly type: 'call.ended';
}

/** Our announcement was played to its end, as the provider says; `noticeId` is the consent evidence. */
export interface CallAnnounced extends NoticeBase {
  readonly type: 'call.announced';
  readonly announcementId: string;
}

/** The announcement was refused, cut off or failed: it counts as not given. */
export interface CallAnnouncementFailed extends NoticeBase {
  readonly type: 'call.announcement-failed';
  readonly announcementId: string;
  readonly reason: string;
}

/** A person came or went. Pipelines, recorders and content shares are not participants. */
export interface ParticipantNotice extends NoticeBase {
  readonly type: 'call.participant-joined' | 'call.participant-left';
  /** @personal Provider's id of the participant. */
  readonly participant: string;
}

/** What became of a durable secure section (`turn.secure`): only `secure.entered` permits asking for digits. */
export interface SecureNotice extends NoticeBase {
  readonly type: 'secure.entered' | 'secure.refused' | 'secure.expired';
  readonly sessionId: string;
  readonly reason?: string | undefined;
}

/** What a provider, or OnRecord, says about a call: the portable source of call references. */
export type CallNotice =
  | CallConnected
  | CallEnded
  | CallAnnounced
  | CallAnnouncementFailed
  | ParticipantNotice
  | SecureNotice;
