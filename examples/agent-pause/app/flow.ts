import { defineFlow } from '@onrecord/core';

/** Records the caller's leg, once the caller has been told. The agent is heard there too. */
export const flow = defineFlow(
  {
    outputs: [{ media: 'audio', layout: 'separate', container: 'wav' }],
    pause: 'required',
    announce: 'required',
  },
  {
    onCall(notice, turn) {
      if (notice.type === 'call.connected' && notice.direction === 'inbound') {
        turn.announce({ text: 'This call is recorded.' });
      }
      if (notice.type === 'call.announced') {
        turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
      }
    },
  },
);
