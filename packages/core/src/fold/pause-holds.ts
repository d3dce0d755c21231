import type { SessionSnapshot } from '../session/snapshot.ts';

/**
 * Whether the session is paused *and* nothing asked for since can have undone it. `state: 'paused'` alone is the last
 * that was confirmed: a resume that was sent, and neither refused nor confirmed, may have taken effect unseen, be it on
 * the same part or, in a pause by segments, on another. Ask this before anything is said that must not be recorded, and
 * record a new pause where it is false.
 */
export function pauseHolds({ state, commands, parts }: Pick<SessionSnapshot, 'state' | 'commands' | 'parts'>): boolean {
  if (state !== 'paused') return false;
  const held = commands.findLast((outcome) => outcome.state === 'confirmed');
  const resuming = commands.some(
    ({ kind, ordinal, state: outcome }) =>
      kind === 'resume' && outcome !== 'refused' && outcome !== 'confirmed' && ordinal > (held?.ordinal ?? 0),
  );
  const silent = parts.every(({ state: part }) => part === 'paused' || part === 'ended' || part === 'failed');
  return silent && !resuming;
}
