import type { SessionRecord } from '../session/record.ts';

/**
 * Whether nothing of a session is outstanding: it is over, and every file is stored where the archive policy wants it,
 * available where there is none, or gone for a stated reason.
 */
export function isSettled({ archive, snapshot }: Pick<SessionRecord, 'archive' | 'snapshot'>): boolean {
  if (snapshot.state !== 'completed' && snapshot.state !== 'failed') return false;
  return snapshot.artifacts.every(
    ({ role, state, side }) =>
      role === 'manifest' || side || (state !== 'pending' && (state !== 'available' || archive.mode === 'none')),
  );
}

/** The session is past capture: a command that is still open will not be confirmed any more. */
export function isOver({ snapshot: { state } }: Pick<SessionRecord, 'snapshot'>): boolean {
  return state === 'processing' || state === 'completed' || state === 'failed';
}
