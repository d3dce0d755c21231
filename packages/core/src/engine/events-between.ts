import type { EventName } from '../events/event.ts';
import { statesBetween } from '../fold/history.ts';
import type { JsonObject } from '../json.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Anomaly, Artifact, CommandOutcome } from '../session/snapshot.ts';
import type { SessionState } from '../states/states.ts';
import { newlyWarned } from './expiring-files.ts';

interface Happening {
  readonly name: EventName;
  readonly data: JsonObject;
}

const byState: { readonly [S in SessionState]: EventName } = {
  requested: 'recording.requested',
  starting: 'recording.starting',
  recording: 'recording.started',
  paused: 'recording.paused',
  stopping: 'recording.stopping',
  processing: 'recording.processing',
  completed: 'recording.completed',
  failed: 'recording.failed',
};

/** The events that lead from one record to the next, in causal order: states, commands, artifacts, anomalies. */
export function eventsBetween(before: SessionRecord | undefined, after: SessionRecord): readonly Happening[] {
  const happened: Happening[] = [];
  const known = before?.snapshot;
  let started = known?.history.some(({ state }) => state === 'recording') ?? false;
  for (const { state, inferred } of statesBetween(known, after.snapshot)) {
    const name = state === 'recording' && started ? 'recording.resumed' : byState[state];
    if (state === 'recording') started = true;
    const endReason = after.snapshot.endReason;
    const adopted = name === 'recording.requested' && after.commands[0]?.adopted ? { adopted: true } : {};
    happened.push({ name, data: { state, inferred, ...adopted, ...(endReason === undefined ? {} : { endReason }) } });
  }
  for (const outcome of after.snapshot.commands) {
    const old = known?.commands.find(({ id }) => id === outcome.id);
    if (old?.state !== outcome.state) happened.push(...commandEvents(outcome, after));
  }
  for (const artifact of after.snapshot.artifacts) {
    // By the file, not by the id: a file that turns up late can shift the numbers of the others.
    const old = known?.artifacts.find(
      ({ partId, mediaKey }) => partId === artifact.partId && mediaKey === artifact.mediaKey,
    );
    if (old?.state !== artifact.state) happened.push(...artifactEvents(artifact, old));
    if (artifact.released && !old?.released) {
      happened.push({ name: 'artifact.released', data: { artifactId: artifact.id, ...artifact.released } });
    }
  }
  for (const file of newlyWarned(before, after)) {
    const { error } = after.transfers.find(({ mediaKey }) => mediaKey === file.mediaKey) ?? {};
    happened.push({
      name: 'artifact.expiring',
      data: { ...artifactData(file), ...(error === undefined ? {} : { error }) },
    });
  }
  for (const anomaly of newAnomalies(known?.anomalies ?? [], after.snapshot.anomalies)) {
    happened.push({ name: 'recording.anomaly', data: { code: anomaly.code, message: anomaly.message } });
  }
  if (after.snapshot.verdict === 'missing' && known?.verdict !== 'missing') {
    happened.push({ name: 'recording.missing', data: { state: after.snapshot.state } });
  }
  if (known?.verdict === 'missing' && (after.snapshot.verdict === 'present' || after.snapshot.verdict === 'late')) {
    happened.push({ name: 'recording.recovered', data: { state: after.snapshot.state } });
  }
  return happened;
}

/** Those that were not there before, wherever the fold put them. */
function newAnomalies(before: readonly Anomaly[], after: readonly Anomaly[]): readonly Anomaly[] {
  const known = new Map<string, number>();
  for (const anomaly of before) known.set(identity(anomaly), (known.get(identity(anomaly)) ?? 0) + 1);
  return after.filter((anomaly) => {
    const count = known.get(identity(anomaly)) ?? 0;
    known.set(identity(anomaly), count - 1);
    return count <= 0;
  });
}

/** The same trouble seen by a later report is the same trouble. */
function identity({ code, partId, message }: Anomaly): string {
  return JSON.stringify([code, partId, message]);
}

function commandEvents(outcome: CommandOutcome, record: SessionRecord): readonly Happening[] {
  const data: JsonObject = {
    commandId: outcome.id,
    kind: outcome.kind,
    partId: outcome.partId,
    ...(outcome.at === undefined ? {} : { at: outcome.at }),
    ...(outcome.error === undefined ? {} : { error: { code: outcome.error.code, message: outcome.error.message } }),
  };
  const command = record.commands.find(({ id }) => id === outcome.id);
  const secure = command?.purpose === 'secure' && command.kind === 'pause';
  switch (outcome.state) {
    case 'confirmed':
      return [{ name: 'command.confirmed', data }, ...(secure ? [{ name: 'secure.entered' as const, data }] : [])];
    case 'refused':
      return [{ name: 'command.refused', data }, ...(secure ? [{ name: 'secure.refused' as const, data }] : [])];
    case 'timed-out':
      return [{ name: 'command.timed-out', data }, ...(secure ? [{ name: 'secure.refused' as const, data }] : [])];
    default:
      return [];
  }
}

function artifactData(artifact: Artifact): JsonObject {
  return {
    artifactId: artifact.id,
    role: artifact.role,
    location: artifact.location,
    ...(artifact.bytes === undefined ? {} : { bytes: artifact.bytes }),
    ...(artifact.sha256 === undefined ? {} : { sha256: artifact.sha256 }),
    ...(artifact.durationMs === undefined ? {} : { durationMs: artifact.durationMs }),
    ...(artifact.expiresAt === undefined ? {} : { expiresAt: artifact.expiresAt }),
  };
}

function artifactEvents(artifact: Artifact, old: Artifact | undefined): readonly Happening[] {
  const data = artifactData(artifact);
  switch (artifact.state) {
    case 'available':
      return [{ name: 'artifact.available', data }];
    case 'stored':
      return [
        ...(old === undefined || old.state === 'pending' ? [{ name: 'artifact.available' as const, data }] : []),
        { name: 'artifact.stored', data },
      ];
    case 'missing':
    case 'expired':
      // A side output goes when its time is up, as its expiry said.
      if (artifact.side) return [];
      return [{ name: 'artifact.missing', data }];
    default:
      return [];
  }
}
