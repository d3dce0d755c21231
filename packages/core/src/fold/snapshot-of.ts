import type { Command } from '../commands/command.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Anomaly, SessionSnapshot } from '../session/snapshot.ts';
import type { EndReason, SessionState } from '../states/states.ts';
import { artifactsOf } from './artifacts.ts';
import { foldPart, type PartFold } from './fold-part.ts';
import { historyOf } from './history.ts';
import { reportsByPart } from './part-reports.ts';
import { stepsOf } from './part-step.ts';
import { pausesOf, segmentPauses } from './pauses.ts';
import { sessionEnd } from './session-end.ts';
import { liveState } from './session-state.ts';
import { verdictOf } from './verdict.ts';

/**
 * What a session is, derived from its record: a pure function of the *sets* of reports, commands, transfers and
 * expectations, so that neither order nor repetition can matter.
 *
 * The previous `record.snapshot` is read for one thing only: a published `completed` or `failed` stays, with its
 * reason and history; what the reports say after it becomes the anomaly `report-after-terminal`.
 */
export function snapshotOf(record: SessionRecord): SessionSnapshot {
  const reports = reportsByPart(record);
  const parts = [...record.parts]
    .sort((left, right) => left.ordinal - right.ordinal)
    .map((part) => {
      const own = reports.get(part.id) ?? [];
      const commands = record.commands.filter(({ partId }) => partId === part.id);
      return foldPart(part, stepsOf(commands, own, record), own);
    });
  const artifacts = artifactsOf(record, parts);
  const recorded = artifacts.filter(({ side }) => !side);
  const own = stateAndReason(record, parts, recorded);
  const outcomes = parts.flatMap((part) => part.outcomes).sort((left, right) => left.ordinal - right.ordinal);
  const { state, endReason, history } = sticky(record.snapshot) ?? {
    ...own,
    history: historyOf(parts, outcomes, own.state),
  };
  const published = sticky(record.snapshot)?.state;
  const { verdict, anomalies } = verdictOf(record, parts, recorded, { own: own.state, published });
  return {
    state,
    ...(endReason === undefined ? {} : { endReason }),
    history,
    parts: parts.map(({ snapshot }) => snapshot),
    commands: outcomes,
    pauses: allPauses(record, parts),
    artifacts,
    verdict,
    emulated: record.commands.some(isEmulatedPause) ? ['pause-by-segments'] : [],
    anomalies: [...parts.flatMap((part) => part.anomalies), ...anomalies, ...afterTerminal(own, published)],
  };
}

function stateAndReason(
  record: SessionRecord,
  parts: readonly PartFold[],
  artifacts: SessionSnapshot['artifacts'],
): { readonly state: SessionState; readonly endReason?: EndReason | undefined } {
  if (parts.length === 0) return { state: 'requested' };
  const live = liveState(parts);
  return live === undefined ? sessionEnd(record, parts, artifacts) : { state: live };
}

function sticky(snapshot: SessionSnapshot | undefined): SessionSnapshot | undefined {
  return snapshot?.state === 'completed' || snapshot?.state === 'failed' ? snapshot : undefined;
}

function afterTerminal(own: { readonly state: SessionState }, published: SessionState | undefined): readonly Anomaly[] {
  if (published === undefined || published === own.state) return [];
  return [
    {
      code: 'report-after-terminal',
      message: `The session was published as ${published}; by the reports of today it is ${own.state}.`,
    },
  ];
}

function isEmulatedPause({ kind, sends }: Command): boolean {
  return (kind === 'pause' && sends === 'stop') || (kind === 'resume' && sends === 'start');
}

function allPauses(record: SessionRecord, parts: readonly PartFold[]): SessionSnapshot['pauses'] {
  const effect = record.pauseEffect ?? 'omitted';
  return [...parts.flatMap((part) => pausesOf(part, effect)), ...segmentPauses(parts)].sort((left, right) =>
    left.from < right.from ? -1 : left.from > right.from ? 1 : 0,
  );
}
