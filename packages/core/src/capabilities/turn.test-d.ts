/** Type tests of what a workflow finds on its turn; see `offer.test-d.ts`. */
import { defineFlow } from '../flow/flow.ts';

const wav = { media: 'audio', layout: 'separate', container: 'wav' } as const;

export const careful = defineFlow(
  { outputs: [wav], pause: 'required', announce: 'preferred' },
  {
    onCall(notice, turn) {
      if (notice.type === 'call.connected') turn.announce?.({ text: 'This call is recorded.' });
      // @ts-expect-error preferred: it may be missing
      if (notice.type === 'call.connected') turn.announce({ text: 'This call is recorded.' });
      if (notice.type !== 'call.announced') return;
      const id = turn.start({ output: wav, consent: { basis: 'announced', noticeId: notice.noticeId } });
      // @ts-expect-error not among the outputs of the requirement
      turn.start({ output: { media: 'audio', layout: 'mixed', container: 'wav' } });
      turn.pause(id);
      turn.secure(id, { maxMs: 120_000 });
      turn.endSecure(id);
      // @ts-expect-error a limit has to be stated
      turn.secure(id, {});
    },
  },
);

export const plain = defineFlow(
  { outputs: [wav] },
  {
    onCall(_notice, turn) {
      turn.stop(turn.start());
      // @ts-expect-error a flow that does not require pausing cannot pause
      turn.pause('id');
      // @ts-expect-error nor announce
      turn.announce?.({ text: 'Hi.' });
      // @ts-expect-error nothing waits inside a turn
      turn.settled('id');
    },
  },
);

// @ts-expect-error a strength is one of two words
export const misspelt = defineFlow({ pause: 'desired' }, {});
