import type { SessionRecord } from '../session/record.ts';
import type { PartFold } from './fold-part.ts';

/**
 * Milliseconds for which a part that is over was believed to capture, by the best moments known of its beginning, its
 * pauses and its end; pauses that leave silence count. Undefined when capture was never seen. No more than a belief: a
 * provider that was killed captured until some moment before its end was noticed.
 */
export function believedCaptureMs({ pauseEffect }: SessionRecord, { changes, snapshot }: PartFold): number | undefined {
  if (snapshot.endedAt === undefined || !changes.some(({ capturing }) => capturing)) return undefined;
  let total = 0;
  let since: string | undefined;
  const close = (at: string) => {
    if (since !== undefined) total += Math.max(0, Date.parse(at) - Date.parse(since));
    since = undefined;
  };
  for (const { capturing, at } of changes) {
    if (capturing) since ??= at;
    else if (pauseEffect !== 'silence') close(at);
  }
  close(snapshot.endedAt);
  return total;
}
