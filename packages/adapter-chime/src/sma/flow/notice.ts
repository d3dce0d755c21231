import type { CallNotice } from '@onrecord/core';
import { smaLeg } from '../call-ref.ts';
import { participantOf } from '../event/read-event.ts';
import type { Untold } from '../turn/state.ts';
import type { EventContext } from './outcome.ts';

/** The notice of something that did not happen; none when its leg is not in the event any more. */
export function untoldNotice(context: EventContext, untold: Untold): readonly CallNotice[] {
  const { type, id, session, leg, reason } = untold;
  if (!participantOf(context.event, leg)) return [];
  const call = smaLeg(context.event, leg, context);
  const base = { call, noticeId: `sma/${call.data.transactionId}/${type}/${id}`, reason };
  return type === 'secure.refused'
    ? [{ ...base, type, sessionId: session ?? '' }]
    : [{ ...base, type, announcementId: id }];
}

export function announcedNotice(context: EventContext, announcement: string, leg: string): readonly CallNotice[] {
  if (!participantOf(context.event, leg)) return [];
  const call = smaLeg(context.event, leg, context);
  return [
    {
      type: 'call.announced',
      noticeId: `sma/${call.data.transactionId}/announced/${announcement}`,
      call,
      announcementId: announcement,
    },
  ];
}

export function secureNotice(
  context: EventContext,
  type: 'secure.entered' | 'secure.expired',
  secure: { readonly session: string; readonly command: string; readonly leg: string },
): readonly CallNotice[] {
  if (!participantOf(context.event, secure.leg)) return [];
  const call = smaLeg(context.event, secure.leg, context);
  return [
    { type, noticeId: `sma/${call.data.transactionId}/${type}/${secure.command}`, call, sessionId: secure.session },
  ];
}
