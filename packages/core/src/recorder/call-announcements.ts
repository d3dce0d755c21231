import type { CallAnnouncementFailed } from '../call/call-notice.ts';
import type { CallRef } from '../call/call-ref.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** The announcements of one call at one provider instance, durably: any process may ask for one, and any hear of it. */
export interface CallAnnouncements {
  /** It is about to be asked for. */
  asked(announcementId: string, expiresAt: string): Promise<void>;
  /** What became of it is told by this notice, or will be by whoever asked. Gives the notice that told of it first. */
  told(announcementId: string, noticeId: string, expiresAt: string): Promise<string>;
  /** Those that nobody has told of yet, oldest first. */
  untold(): Promise<readonly string[]>;
}

export function announcementsOf(store: SessionStore, instance: string, { kind, key }: CallRef): CallAnnouncements {
  const nth = (index: number) => `announced/${instance}/${kind}:${key}/${index}`;
  const ending = (announcementId: string) => `announcement/${announcementId}/told`;
  return {
    async asked(announcementId, expiresAt) {
      for (let index = 0; ; index++) {
        if ((await store.remember(nth(index), announcementId, expiresAt)) === announcementId) return;
      }
    },
    async told(announcementId, noticeId, expiresAt) {
      return String(await store.remember(ending(announcementId), noticeId, expiresAt));
    },
    async untold() {
      const open: string[] = [];
      for (let index = 0; ; index++) {
        const announcementId = await store.recall(nth(index));
        if (typeof announcementId !== 'string') return open;
        if ((await store.recall(ending(announcementId))) === undefined) open.push(announcementId);
      }
    },
  };
}

/** That an announcement was not played, as the flow hears it: the same notice from whoever finds out. */
export function announcementFailed(call: CallRef, announcementId: string, reason: string): CallAnnouncementFailed {
  return { type: 'call.announcement-failed', noticeId: failureNoticeId(announcementId), call, announcementId, reason };
}

/** The notice by which we tell, and not the provider, that an announcement was not played. */
export function failureNoticeId(announcementId: string): string {
  return `${announcementId}/failed`;
}
