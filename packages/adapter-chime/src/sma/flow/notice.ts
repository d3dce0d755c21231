import type { CallNotice } from '@onrecord/core';
import { type SmaLeg, smaLeg } from '../call-ref.ts';
import { participantOf } from '../event/read-event.ts';
import type { Untold } from '../turn/state.ts';
import type { EventContext } from './outcome.ts';

type Base = { readonly call: SmaLeg; readonly noticeId: string };

/** A notice about a leg, with an id that a repetition has as well; none when the leg is not in the event any more. */
function onLeg(
  context: EventContext,
  leg: string,
  id: string,
  make: (base: Base) => CallNotice,
): readonly CallNotice[] {
  if (!participantOf(context.event, leg)) return [];
  const call = smaLeg(context.event, leg, context);
  return [make({ call, noticeId: `sma/${call.data.transactionId}/${id}` })];
}

/** The notice of something that did not happen. */
export function untoldNotice(context: EventContext, untold: Untold): readonly CallNotice[] {
  const { type, id, session = '', leg, reason } = untold;
  return onLeg(context, leg, `${type}/${id}`, (base) =>
    type === 'secure.refused'
      ? { ...base, type, reason, sessionId: session }
      : { ...base, type, reason, announcementId: id },
  );
}

export function announcedNotice(context: EventContext, announcementId: string, leg: string): readonly CallNotice[] {
  return onLeg(context, leg, `announced/${announcementId}`, (base) => ({
    ...base,
    type: 'call.announced',
    announcementId,
  }));
}

export function secureNotice(
  context: EventContext,
  type: 'secure.entered' | 'secure.expired',
  { session, command, leg }: { readonly session: string; readonly command: string; readonly leg: string },
): readonly CallNotice[] {
  return onLeg(context, leg, `${type}/${command}`, (base) => ({ ...base, type, sessionId: session }));
}
