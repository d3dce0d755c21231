import type { SessionRecord } from '../session/record.ts';
import type { Asking } from './ask-part.ts';
import { commit } from './commit.ts';
import { partTarget } from './driver-request.ts';
import { type Following, followedBy, followedNoMore, followingOf } from './following.ts';
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
 * recording with no command on its way to it; whoever sends a command meanwhile waits for the end of this.
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
    let elsewhere: Following | undefined;
    let taken = false;
    const record = await commit(store, sessionId, (before) => {
      taken = false;
      elsewhere = canFollow(before, partId) ? followingOf(before, partId, clock.now()) : undefined;
      if (elsewhere || !canFollow(before, partId)) return undefined;
      taken = true;
      return followedBy(before, partId, by, clock.now() + followMs);
    });
    const part = record.parts.find(({ id }) => id === partId);
    if (taken && part) {
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
    if (!elsewhere) return;
    // Whoever does it now may have looked before our newcomer came.
    await clock.delay(lookMs, { signal });
  }
}

/** Parts whose tracks depend on who is on the call, and which are recording. */
export function followable(record: SessionRecord): readonly string[] {
  return record.parts.filter(({ id }) => canFollow(record, id)).map(({ id }) => id);
}

function canFollow(record: SessionRecord, partId: string): boolean {
  if (record.output.layout !== 'per-participant' || inFlight(record)) return false;
  const { handle } = record.parts.find(({ id }) => id === partId) ?? {};
  const part = record.snapshot.parts.find(({ id }) => id === partId);
  return handle !== undefined && part?.state === 'recording' && part.capturing === true;
}
