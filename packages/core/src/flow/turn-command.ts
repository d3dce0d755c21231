import type { Announcement } from '../call/announcement.ts';
import type { CheckedStart } from '../recorder/check-start.ts';

/** What a turn collected, as JSON: remembered before anything of it is carried out. */
export type TurnCommand =
  | { readonly verb: 'announce'; readonly announcementId: string; readonly announcement: Announcement }
  | {
      readonly verb: 'start';
      readonly sessionId: string;
      /** Number of this start on the call, from 1. */
      readonly ordinal: number;
      readonly start: CheckedStart;
    }
  | { readonly verb: 'pause' | 'resume' | 'stop' | 'endSecure'; readonly sessionId: string }
  | { readonly verb: 'secure'; readonly sessionId: string; readonly maxMs: number };
