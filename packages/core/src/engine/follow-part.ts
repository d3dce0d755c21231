import type { SessionRecord } from '../session/record.ts';
import type { Asking } from './ask-part.ts';
import { commit } from './commit.ts';
import { partTarget } from './driver-request.ts';
import { followedBy, followedNoMore, followingOf } from './following.ts';
import { newId } from './ids.ts';
import { inFlight } from './record-command.ts';
import { applyReports } from './route-reports.ts';
import { within } from './within.ts';

/** How long following one part may take: commands to it wait that long at most. */
const followMs = 5_000;
/** Wait between two looks whether somebody else is done following. */
const lookMs = 250;

/**
 * Has the driver begin a track for whoever joined the call of a part. Does nothing unless the part is known to be
 * recording; waits for a command that is on its way to it, and whoever sends one meanwhile waits for the end of this.
 */
export async function followPart(
  { store, driver, clock, requestMs }: Asking,
  sessionId: string,
  partId: string,
  signal: AbortSignal,
): Promise<void> {
  const { doFollow } = driver;
  if (!doFollow) return;
  const by = newId();
  for (;;) {
    let turn = 'never' as 'ours' | 'later' | 'never';
    const record = await commit(store, sessionId, (before) => {
      turn = 'never';
      if (!isFollowable(before, partId)) return undefined;
      // A command may be refused, and then nothing else would come back for the newcomer; whoever follows now may have
      // looked before he came.
      turn = inFlight(before) || followingOf(before, partId, clock.now()) ? 'later' : 'ours';
      return turn === 'ours' ? followedBy(before, partId, by, clock.now() + followMs) : undefined;
    });
    const part = record.parts.find(({ id }) => id === partId);
    if (turn === 'ours' && part) {
      try {
        const reports = await within(clock, Math.min(followMs, requestMs), signal, (cut) =>
          doFollow.call(driver, partTarget(record, part), { signal: cut, clock }),
        );
        await applyReports(store, sessionId, reports, clock.now());
      } finally {
        await commit(store, sessionId, (before) => followedNoMore(before, partId, by));
      }
      return;
    }
    if (turn !== 'later') return;
    await clock.delay(lookMs, { signal });
  }
}

/** Parts whose tracks depend on who is on the call, and which are recording. */
export function followable(record: SessionRecord): readonly string[] {
  return record.parts.filter(({ id }) => isFollowable(record, id)).map(({ id }) => id);
}

function isFollowable(record: SessionRecord, partId: string): boolean {
  if (record.output.layout !== 'per-participant') return false;
  const { handle } = record.parts.find(({ id }) => id === partId) ?? {};
  const part = record.snapshot.parts.find(({ id }) => id === partId);
  return handle !== undefined && part?.state === 'recording' && part.capturing === true;
}
