import { timestamp } from '../clock.ts';
import { commit } from '../engine/commit.ts';
import { partTarget } from '../engine/driver-request.ts';
import { derivedId, newId } from '../engine/ids.ts';
import { refold } from '../engine/refold.ts';
import { applyReports } from '../engine/route-reports.ts';
import { acceptCommand } from '../engine/settle-command.ts';
import { correlationOf, type MediaExpectation, type MediaSighting, type Report } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { ObjectInfo, Storage } from '../storage/index.ts';
import { endedAt } from './next-due.ts';
import type { WorkerContext } from './worker-options.ts';

/** Makes the finished files appear, looks for them where they must land, and says so when they do not. */
export async function awaitMedia(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  await finalizeParts(context, sessionId, signal);
  await probeLanding(context, sessionId, signal);
  await judgeAbsence(context, sessionId);
}

async function finalizeParts(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock } = context;
  const record = await store.load(sessionId);
  const driver = record && context.instances[record.provider]?.driver;
  if (!record || !driver?.doFinalize) return;
  for (const part of record.parts) {
    const state = record.snapshot.parts.find(({ id }) => id === part.id)?.state;
    if (state !== 'ended' || part.handle === undefined || part.facts?.['finalized'] === true) continue;
    const accepted = record.commands.filter(({ acceptedAt, partId }) => acceptedAt && partId === part.id);
    const step = {
      stepId: newId(),
      token: derivedId('finalize', sessionId, part.id),
      asOfOrdinal: Math.max(0, ...accepted.map(({ ordinal }) => ordinal)),
    };
    const outcome = await driver.doFinalize(partTarget(record, part), step, { signal, clock });
    const done: Report[] =
      outcome.kind === 'done' ? [observation(record, part, { facts: { finalized: true } }, clock.now())] : [];
    const start = record.commands.find(({ partId, sends }) => partId === part.id && sends === 'start');
    const keys = outcome.providerKeys ?? [];
    if (start && keys.length > 0) {
      await commit(store, sessionId, (before) =>
        acceptCommand(before, start.id, { kind: 'accepted', providerKeys: keys }, clock.now()),
      );
    }
    await applyReports(store, sessionId, [...(outcome.reports ?? []), ...done], clock.now());
  }
}

async function probeLanding(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock } = context;
  const record = await store.load(sessionId);
  const landing = record && context.instances[record.provider]?.landing;
  if (!record || !landing) return;
  for (const { part, expected } of outstanding(record)) {
    const found = await look(landing, expected, signal);
    if (found.length === 0) continue;
    const media = found.map((info, index) => sighting(info, expected, index));
    const seen = { ended: true, media } satisfies Report['seen'];
    await applyReports(store, sessionId, [observation(record, part, seen, clock.now())], clock.now());
  }
}

/** Expected files of which no sighting exists. */
function outstanding(
  record: SessionRecord,
): readonly { readonly part: PartRecord; readonly expected: MediaExpectation }[] {
  return record.parts.flatMap((part) => {
    const own = record.reports.filter(
      ({ subject }) => 'correlation' in subject && subject.correlation === correlationOf(record.id, part.id),
    );
    const seen = own.flatMap(({ seen: { media = [] } }) => media);
    return own
      .flatMap(({ seen: { expects = [] } }) => expects)
      .filter(({ uri, prefix }) =>
        uri === undefined
          ? prefix !== undefined && !seen.some((file) => file.uri.startsWith(prefix))
          : !seen.some((file) => file.uri === uri),
      )
      .map((expected) => ({ part, expected }));
  });
}

async function look(landing: Storage, expected: MediaExpectation, signal: AbortSignal): Promise<readonly ObjectInfo[]> {
  const { driver } = landing;
  if (expected.uri !== undefined) {
    const key = driver.keyOf(expected.uri);
    const info = key === undefined ? undefined : await landing.head(key, { signal });
    return info && info.bytes > 0 ? [info] : [];
  }
  const prefix = expected.prefix === undefined ? undefined : driver.keyOf(expected.prefix);
  if (prefix === undefined) return [];
  const found: ObjectInfo[] = [];
  for await (const info of landing.list(prefix, { signal })) {
    if (info.bytes > 0 && info.key.endsWith(`.${expected.container}`)) found.push(info);
  }
  return found;
}

function sighting(info: ObjectInfo, expected: MediaExpectation, index: number): MediaSighting {
  return {
    key: info.uri,
    uri: info.uri,
    role: expected.role,
    container: expected.container,
    bytes: info.bytes,
    ...(info.contentType === undefined ? {} : { mediaType: info.contentType }),
    ...(expected.tracks === undefined ? {} : { tracks: expected.tracks }),
    index,
  };
}

/** An observation of our own, on our clock, that no command caused. */
function observation(record: SessionRecord, part: PartRecord, seen: Report['seen'], now: number): Report {
  const uris = (seen.media ?? []).map(({ key }) => key);
  return {
    reportId: derivedId('worker', record.id, part.id, ...Object.keys(seen), ...uris),
    subject: { correlation: correlationOf(record.id, part.id) },
    seen,
    cause: { unattributed: true },
    clock: { domain: 'ours', at: timestamp(now) },
    via: 'storage',
    receivedAt: timestamp(now),
  };
}

/** Past its time an expected file is missing; denied by everybody for long enough it is lost. Both are said aloud. */
async function judgeAbsence(context: WorkerContext, sessionId: string): Promise<void> {
  const { clock, intervals, logger } = context;
  const record = await commit(context.store, sessionId, (before) => {
    const ended = endedAt(before);
    if (before.snapshot.state !== 'processing' || ended === undefined) return undefined;
    const masters = before.snapshot.artifacts.filter(({ role }) => role !== 'metadata' && role !== 'manifest');
    const here = new Set(masters.filter(({ state }) => state !== 'pending').map(({ partId }) => partId));
    const absent = before.expectations.filter(
      ({ partId, state, missingSince }) => state === 'expected' && missingSince === undefined && !here.has(partId),
    );
    if (absent.length === 0 || clock.now() < ended + intervals.missingAfterMs) return undefined;
    logger.error({ sessionId, parts: absent.map(({ partId }) => partId) }, 'worker: a recording is missing');
    const missingSince = timestamp(clock.now());
    const expectations = before.expectations.map((expectation) =>
      absent.includes(expectation) ? { ...expectation, missingSince } : expectation,
    );
    return refold({ ...before, expectations }, before, clock.now());
  });
  const ended = endedAt(record);
  if (record.snapshot.state !== 'processing' || ended === undefined) return;
  if (record.snapshot.verdict !== 'missing' || clock.now() < ended + intervals.lostAfterMs) return;
  const lost = record.expectations.filter(({ missingSince }) => missingSince !== undefined);
  const reports = record.parts
    .filter(({ id }) => lost.some(({ partId }) => partId === id))
    .map((part) => observation(record, part, { ended: true, endReason: 'lost' }, clock.now()));
  await applyReports(context.store, sessionId, reports, clock.now());
}
