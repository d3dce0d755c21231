import type { Command } from '../commands/command.ts';
import type { Report } from '../report/report.ts';
import { correlationOf } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { Artifact, CommandOutcome, PartSnapshot, SessionSnapshot } from '../session/snapshot.ts';
import type { SessionState } from '../states/states.ts';

/**
 * What a session is, derived from its record: a pure function of the *sets* of reports, commands, transfers and
 * expectations, so that order and repetition of reports cannot matter. The previous `record.snapshot` is read for one
 * thing only: a published `completed` or `failed` stays.
 */
export function snapshotOf(record: SessionRecord): SessionSnapshot {
  const reports = [...new Map(record.reports.map((report) => [report.reportId, report])).values()];
  const outcomes = record.commands.map((command) => outcomeOf(command, reports, record));
  const parts = record.parts.map((part) => foldPart(record, part, reports, outcomes));
  const artifacts = artifactsOf(record, reports);
  const state = stateOf(record, parts, artifacts);
  const endReason = parts.at(-1)?.endReason;
  return {
    state,
    ...(endReason ? { endReason } : {}),
    history: [{ state: 'requested', inferred: false }],
    parts,
    commands: outcomes,
    pauses: [],
    artifacts,
    verdict: state === 'completed' ? 'present' : state === 'failed' ? 'none' : 'pending',
    emulated: record.commands.some((command) => command.kind !== command.sends) ? ['pause-by-segments'] : [],
    anomalies: [],
  };
}

function reportsOf(record: SessionRecord, partId: string, reports: readonly Report[]): readonly Report[] {
  return reports.filter((report) =>
    'correlation' in report.subject
      ? report.subject.correlation === correlationOf(record.id, partId)
      : record.parts.length === 1,
  );
}

function outcomeOf(command: Command, reports: readonly Report[], record: SessionRecord): CommandOutcome {
  const own = reportsOf(record, command.partId, reports);
  const wanted = command.sends === 'start' ? !record.startPaused : command.sends === 'resume';
  const over = command.sends === 'stop' || command.sends === 'discard';
  const proof = own.find((report) => {
    const tied = 'commandId' in report.cause && report.cause.commandId === command.id;
    const after = 'asOfOrdinal' in report.cause && report.cause.asOfOrdinal >= command.ordinal;
    if (over) return report.seen.ended === true;
    return (tied || after) && report.seen.capturing === wanted;
  });
  const refused =
    command.refused ??
    own.find((report) => 'commandId' in report.cause && report.cause.commandId === command.id && report.seen.refused)
      ?.seen.refused;
  const base = { id: command.id, ordinal: command.ordinal, kind: command.kind, partId: command.partId };
  if (proof) {
    return { ...base, state: 'confirmed', at: proof.receivedAt, precision: 'confirmed', provenBy: proof.reportId };
  }
  if (refused) return { ...base, state: 'refused', error: { code: refused.code, message: refused.message } };
  return { ...base, state: command.timedOutAt ? 'timed-out' : command.acceptedAt ? 'accepted' : 'recorded' };
}

function foldPart(
  record: SessionRecord,
  part: PartRecord,
  reports: readonly Report[],
  outcomes: readonly CommandOutcome[],
): PartSnapshot {
  const own = reportsOf(record, part.id, reports);
  const ended = own.find((report) => report.seen.ended);
  let capturing: boolean | undefined;
  let startedAt: string | undefined;
  let refused = false;
  let stopping = false;
  let sent = false;
  for (const [index, command] of record.commands.entries()) {
    const outcome = outcomes[index]!;
    if (command.partId !== part.id) continue;
    sent ||= command.firstSentAt !== undefined || command.acceptedAt !== undefined;
    if (command.sends === 'start' && outcome.state === 'refused') refused = true;
    if ((command.sends === 'stop' || command.sends === 'discard') && outcome.state !== 'refused') stopping = true;
    if (outcome.state !== 'confirmed') continue;
    if (command.sends === 'start') {
      capturing = !record.startPaused;
      startedAt = outcome.at;
    }
    if (command.sends === 'pause') capturing = false;
    if (command.sends === 'resume') capturing = true;
  }
  const endReason = ended?.seen.endReason ?? (ended ? (stopping ? 'requested' : 'unknown') : undefined);
  const state = ended
    ? 'ended'
    : refused
      ? 'failed'
      : stopping
        ? 'stopping'
        : capturing === undefined
          ? sent
            ? 'starting'
            : 'requested'
          : capturing
            ? 'recording'
            : 'paused';
  return {
    id: part.id,
    kind: part.kind,
    state,
    ...(capturing === undefined ? {} : { capturing: capturing && !ended }),
    ...(startedAt ? { startedAt, startPrecision: 'confirmed' } : {}),
    ...(ended ? { endedAt: ended.receivedAt } : {}),
    ...(endReason ? { endReason } : refused ? { endReason: 'never-started' } : {}),
  };
}

function artifactsOf(record: SessionRecord, reports: readonly Report[]): readonly Artifact[] {
  const artifacts = new Map<string, Artifact>();
  for (const part of record.parts) {
    for (const report of reportsOf(record, part.id, reports)) {
      for (const { key, uri, role, tracks, index, access: _, ...facts } of report.seen.media ?? []) {
        const transfer = record.transfers.find(({ mediaKey, state }) => mediaKey === key && state === 'stored');
        artifacts.set(key, {
          ...facts,
          ...(transfer
            ? { bytes: transfer.bytes ?? facts.bytes, sha256: transfer.sha256, durationMs: transfer.durationMs }
            : {}),
          id: `${part.id}-${role}-${index ?? 0}`,
          mediaKey: key,
          partId: part.id,
          role,
          state: transfer ? 'stored' : 'available',
          location: transfer?.uri ?? uri,
          source: uri,
          tracks: tracks ?? [],
        });
      }
    }
  }
  return [...artifacts.values()];
}

function stateOf(record: SessionRecord, parts: readonly PartSnapshot[], artifacts: readonly Artifact[]): SessionState {
  const previous = record.snapshot.state;
  if (previous === 'completed' || previous === 'failed') return previous;
  const live = parts.filter(({ state }) => state !== 'ended' && state !== 'failed');
  for (const state of ['recording', 'stopping', 'paused', 'starting', 'requested'] as const) {
    if (live.some((part) => part.state === state)) return state;
  }
  if (parts.length === 0) return 'requested';
  if (parts.every(({ state }) => state === 'failed')) return 'failed';
  const last = record.commands.at(-1);
  if (
    last &&
    ((last.kind === 'pause' && last.sends === 'stop') || (last.kind === 'resume' && last.sends === 'start'))
  ) {
    return 'paused';
  }
  const masters = artifacts.filter(({ role }) => role === 'master' || role === 'track');
  const done = masters.every(({ state }) => (record.archive.mode === 'none' ? true : state === 'stored'));
  return masters.length > 0 && done ? 'completed' : 'processing';
}
