import { defineFlow, type Flow } from '@onrecord/core';
import type { CardForms } from './card-forms.ts';
import type { Desk } from './desk.ts';

export const NOTICE = 'Your call is recorded. An agent will be with you in a moment.';

/** What this workflow needs of a provider, whichever it is. */
export const requirement = {
  outputs: [{ media: 'audio', layout: 'separate', container: 'wav' }],
  pause: 'required',
  announce: 'required',
} as const;

/**
 * Tells the caller, then starts paused: nothing of the queue and its music is kept. The recording goes on while an agent is
 * on the call and no card form is open, and only then.
 */
export function contactCentre(desk: Desk, forms: CardForms): Flow<typeof requirement> {
  return defineFlow(requirement, {
    onCall(notice, turn) {
      switch (notice.type) {
        case 'call.connected':
          turn.announce({ text: NOTICE });
          break;
        case 'call.announced':
          turn.start({
            consent: { basis: 'announced', noticeId: notice.noticeId },
            startPaused: !desk.isServed(notice.call),
          });
          break;
        case 'call.participant-joined':
          if (desk.joined(notice.call, notice.participant)) {
            for (const id of turn.sessionIds) forms.agentCame(id, notice.call);
          }
          break;
        case 'call.participant-left':
          if (desk.left(notice.call, notice.participant)) for (const id of turn.sessionIds) turn.pause(id);
          break;
        case 'call.announcement-failed':
          desk.note(`no recording of ${notice.call.key}: the caller was not told (${notice.reason})`);
          break;
        case 'call.ended':
          desk.ended(notice.call);
          break;
      }
    },
  });
}
