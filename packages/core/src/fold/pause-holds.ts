import type { SessionSnapshot } from '../session/snapshot.ts';

/**
 * Whether the session is paused *and* nothing asked for since can have undone it. `state: 'paused'` alone is the last
 * that was confirmed: a resume that was sent, and neither refused nor confirmed, may have taken effect unseen. Ask this
 * before anything is said that must not be recorded, and record a new pause where it is false.
 */
export function pauseHolds({ state, commands }: Pick<SessionSnapshot, 'state' | 'commands'>): boolean {
  if (state !== 'paused') return false;
  const held = commands.findLast((outcome) => outcome.state === 'confirmed');
  return !commands.some(
    ({ kind, ordinal, state: outcome }) =>
      kind === 'resume' && outcome !== 'refused' && outcome !== 'confirmed' && ordinal > (held?.ordinal ?? 0),
  );
}
