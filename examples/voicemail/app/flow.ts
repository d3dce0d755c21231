import { defineFlow } from '@onrecord/core';
import { GREETING } from './names.ts';

/** When a message ends by itself; the caller may end it with a key before that. */
export const MESSAGE = { maxSeconds: 20, silenceSeconds: 3, silenceThreshold: 100, terminators: ['#'] } as const;

/** Greets the caller, and takes a message once the greeting has been heard to its end. */
export const flow = defineFlow(
  { outputs: [{ media: 'audio', layout: 'incoming', container: 'wav' }], announce: 'required' },
  {
    onCall(notice, turn) {
      if (notice.type === 'call.connected') turn.announce({ file: GREETING });
      if (notice.type === 'call.announced') {
        turn.start({
          consent: { basis: 'announced', noticeId: notice.noticeId },
          providerOptions: { message: { ...MESSAGE, terminators: [...MESSAGE.terminators] } },
        });
      }
    },
  },
);
