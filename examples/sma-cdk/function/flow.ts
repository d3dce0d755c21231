import { defineFlow } from '@onrecord/core';

/** Announces the recording, then records: both voices, each on a channel of its own. It names no provider. */
export const flow = defineFlow(
  { outputs: [{ media: 'audio', layout: 'separate', container: 'wav' }], announce: 'required' },
  {
    onCall(notice, turn) {
      if (notice.type === 'call.connected') turn.announce({ text: 'This call is recorded.' });
      if (notice.type === 'call.announced') turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
    },
  },
);
