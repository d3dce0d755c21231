import { type AudioSource, tone } from '@onrecord/simulator';

export const CALLER_NUMBER = '+15550100';
export const OFFICE_NUMBER = '+15550199';
export const AGENT_NUMBER = '+15550123';

/** Each voice is a tone of its own, so that a file shows who is in it; none is near a tone of a telephone key. */
export const CALLER_HZ = 440;
export const AGENT_HZ = 580;
/** The caller, reading out a card number. */
export const CARD_HZ = 1_900;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When the card number is read out, in ms from the moment when the call is answered. */
export const CARD_IS_READ: readonly Span[] = [
  { fromMs: 9_500, toMs: 14_000 },
  { fromMs: 21_000, toMs: 24_000 },
];

/** The caller talks without a break, and now and then it is the card number. */
export const callerVoice: AudioSource = (index) => {
  const ms = index / 8;
  const secret = CARD_IS_READ.some(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
  return (secret ? card : ordinary)(index);
};

const ordinary = tone(CALLER_HZ);
const card = tone(CARD_HZ);
