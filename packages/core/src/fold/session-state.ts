import type { SessionState } from '../states/states.ts';
import type { PartFold } from './fold-part.ts';
import { heldBetweenParts } from './session-end.ts';

/** Where a session stands while one of its parts lives; undefined when all are over and it is not merely paused. */
export function liveState(parts: readonly PartFold[]): SessionState | undefined {
  const live = parts.filter(({ snapshot: { state } }) => state !== 'ended' && state !== 'failed');
  if (live.length === 0) return heldBetweenParts(parts) ? 'paused' : undefined;
  if (live.some((part) => part.snapshot.capturing === true && !isStopping(part))) return 'recording';
  if (live.some(isStopping)) return 'stopping';
  if (live.some((part) => part.snapshot.capturing === false)) return 'paused';
  if (heldBetweenParts(parts.filter((part) => !live.includes(part)))) return 'paused';
  return live.some(({ snapshot: { state } }) => state !== 'requested') ? 'starting' : 'requested';
}

/** Whether the session's own end is under way, and not a pause that ends a part. */
function isStopping({ steps, snapshot }: PartFold): boolean {
  return (
    snapshot.state === 'stopping' &&
    steps.some(({ desire, command, refused, left }) => desire === 'end' && command.kind !== 'pause' && !refused && left)
  );
}
