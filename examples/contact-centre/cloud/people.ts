import { type AudioSource, tone } from '@onrecord/simulator';

export const CALLER_NUMBER = '+15550100';
export const OFFICE_NUMBER = '+15550199';
export const AGENT_NUMBER = '+15550123';

/** Each voice is a tone of its own, so that a file shows who is in it. */
export const CALLER_HZ = 440;
export const AGENT_HZ = 580;
export const MUSIC_HZ = 1_200;
/** The caller, reading out a card number. */
export const CARD_HZ = 1_900;

/** The caller talks without a break; between these moments, in ms from the first ring, it is the card number. */
export function callerVoice(card: { readonly fromMs: number; readonly toMs: number }): AudioSource {
  const [ordinary, secret] = [tone(CALLER_HZ), tone(CARD_HZ)];
  return (index) => {
    const ms = index / 8;
    return (ms >= card.fromMs && ms < card.toMs ? secret : ordinary)(index);
  };
}
