import type { PauseEffect } from '../capabilities/capabilities.ts';
import type { Report } from '../report/report.ts';
import type { PartSnapshot, PauseInterval } from '../session/snapshot.ts';
import type { Change } from './changes.ts';
import type { PartFold } from './fold-part.ts';

/** Pauses within one part: as the provider's metadata tells them, else as the confirmed changes do. */
export function pausesOf({ snapshot, changes, reports }: PartFold, effect: PauseEffect): readonly PauseInterval[] {
  return toldPauses(snapshot, reports, effect) ?? provenPauses(snapshot, changes, effect);
}

function toldPauses(
  { id: partId }: PartSnapshot,
  reports: readonly Report[],
  effect: PauseEffect,
): readonly PauseInterval[] | undefined {
  const told = reports.findLast(({ seen }) => seen.pauses !== undefined)?.seen.pauses;
  return told
    ?.map(({ from, durationMs }): PauseInterval => {
      const start = Date.parse(from);
      const [since, to] = [start, start + durationMs].map((ms) => new Date(ms).toISOString());
      return { from: since!, to, precision: 'provider', effect, partId };
    })
    .sort((left, right) => (left.from < right.from ? -1 : 1));
}

function provenPauses(
  { id: partId, endedAt }: PartSnapshot,
  changes: readonly Change[],
  effect: PauseEffect,
): readonly PauseInterval[] {
  const pauses: PauseInterval[] = [];
  let open: Change | undefined;
  for (const change of changes) {
    if (!change.capturing) open ??= change;
    else if (open) {
      pauses.push(interval(open, change));
      open = undefined;
    }
  }
  if (!open) return pauses;
  if (endedAt === undefined) return [...pauses, { from: open.at, precision: open.precision, effect, partId }];
  // What ceased uncommanded just before the end was the end.
  if (open.report) return pauses;
  return [...pauses, interval(open, { at: endedAt, precision: open.precision })];

  function interval(from: Pick<Change, 'at' | 'precision'>, to: Pick<Change, 'at' | 'precision'>): PauseInterval {
    return {
      from: from.at,
      to: to.at < from.at ? from.at : to.at,
      precision: from.precision === 'requested' ? 'requested' : to.precision,
      effect,
      partId,
    };
  }
}

/** The pauses between parts, where a pause ends one file and a resume begins another. */
export function segmentPauses(parts: readonly PartFold[]): readonly PauseInterval[] {
  const pauses: PauseInterval[] = [];
  for (const [index, part] of parts.entries()) {
    const { snapshot } = part;
    if (snapshot.endedAt === undefined || !endedByPause(part)) continue;
    const next = parts.slice(index + 1).find(({ snapshot: { startedAt } }) => startedAt !== undefined)?.snapshot;
    pauses.push({
      from: snapshot.endedAt,
      ...(next?.startedAt === undefined ? {} : { to: next.startedAt }),
      precision: next?.startPrecision === 'requested' ? 'requested' : 'confirmed',
      effect: 'segmented',
      partId: snapshot.id,
    });
  }
  return pauses;
}

/** Whether a part was ended by a pause that stands in for one: `pause` that sent `stop`. */
export function endedByPause({ steps, snapshot }: PartFold): boolean {
  return (
    snapshot.endedAt !== undefined &&
    steps.some(({ command, desire, refused }) => command.kind === 'pause' && desire === 'end' && refused === undefined)
  );
}
