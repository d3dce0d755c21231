/**
 * The whole workflow, for every provider: it imports nothing but the core and names none of them. Announce where the
 * provider can, start after that, pause while the caller reads out a card number.
 */
import { defineFlow, type OfferFor, type Session } from '@onrecord/core';

const requirement = {
  outputs: [
    { media: 'audio', layout: 'separate', container: 'wav' },
    { media: 'audio', layout: 'mixed', container: 'mp4' },
  ],
  pause: 'required',
  announce: 'preferred',
} as const;

/** Called with what happens on a call; hosted by the web server, or by the Lambda of a SIP media application. */
export const flow = defineFlow(requirement, {
  onCall(notice, turn) {
    // Where each leg is a call of its own, those that ring our own people are heard on the caller's leg already.
    if (notice.type === 'call.connected' && notice.direction !== 'outbound') {
      if (turn.announce) turn.announce({ text: 'This call is recorded.' });
      // Nothing can be announced here: the application has told everybody before the call, and vouches for it.
      else turn.start({ consent: { basis: 'application', noticeId: 'invitation' } });
    }
    if (notice.type === 'call.announced') {
      turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
    }
  },
});

/** Collects a card number while nothing is recorded; run by the web process. Never collects unless the pause is proven. */
export async function takeCard(
  session: Session<OfferFor<typeof requirement>>,
  collect: (options: { readonly signal: AbortSignal }) => Promise<void>,
): Promise<void> {
  await session.secureSection(collect, { maxMs: 30_000 });
}
