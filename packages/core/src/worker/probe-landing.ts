import type { ObjectFacts } from '../driver/driver.ts';
import { judge } from '../engine/judge.ts';
import { applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import { correlationOf, type MediaExpectation, type MediaSighting } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { ObjectInfo, Storage } from '../storage/index.ts';
import { awaitedFileMs } from './intervals.ts';
import { observation } from './observation.ts';
import type { WorkerContext } from './worker-options.ts';

/** Looks for expected files where they must land; there is one only when it holds something. */
export async function probeLanding(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, intervals, pace } = context;
  const record = await store.load(sessionId);
  if (!record) return;
  for (const { part, expected, key, waitMs, storage } of probes(context, record)) {
    if (waitMs > 0 || !storage) continue;
    try {
      const found = await within(clock, intervals.requestMs, signal, (cut) => look(storage, expected, cut));
      pace.succeeded(key);
      if (found.length === 0) continue;
      const describe = describing(context, record);
      const media = found.map((info, index) => ({ ...sighting(info, expected, index), ...describe(info) }));
      const what = ['ended', 'media', ...media.map((file) => file.key)];
      const report = observation(record, part.id, { what, seen: { ended: true, media }, nowMs: clock.now() });
      await applyReports(store, sessionId, [report], clock.now());
    } catch (error) {
      if (signal.aborted) return;
      pace.failed(key, `landing/${record.provider}`, judge(storage.driver, error));
      logger.warn({ err: errorFields(error), sessionId, partId: part.id }, 'worker: a store could not be searched');
    }
  }
}

export interface Probe {
  readonly part: PartRecord;
  readonly expected: MediaExpectation;
  readonly key: string;
  readonly waitMs: number;
  /** Undefined when no registered store holds that place: then nobody can tell whether the file is there. */
  readonly storage: Storage | undefined;
}

/** Places where files are expected that nobody has seen, and how long each look still has to wait. */
export function probes(context: WorkerContext, record: SessionRecord): readonly Probe[] {
  const { clock, intervals, pace } = context;
  const { state } = record.snapshot;
  if (state === 'completed' || state === 'failed') return [];
  return record.parts.flatMap((part) => {
    const endedAt = record.snapshot.parts.find(({ id }) => id === part.id)?.endedAt;
    const intervalMs =
      endedAt === undefined ? intervals.steadyPollMs : awaitedFileMs(intervals, Date.parse(endedAt), clock.now());
    return unseen(record, part).map((expected): Probe => {
      const place = expected.uri ?? expected.prefix ?? '';
      const key = `${record.id}/${part.id}/probe/${place}`;
      const waitMs = pace.wait(key, `landing/${record.provider}`, intervalMs);
      return { part, expected, key, waitMs, storage: storeOf(context, record, place) };
    });
  });
}

/** Expected files with a known place, without those that were sighted there. */
function unseen(record: SessionRecord, part: PartRecord): readonly MediaExpectation[] {
  const correlation = correlationOf(record.id, part.id);
  const own = record.reports.filter(({ subject }) => 'correlation' in subject && subject.correlation === correlation);
  const seen = own.flatMap(({ seen: { media = [] } }) => media);
  return own
    .flatMap(({ seen: { expects = [] } }) => expects)
    .filter(({ uri, prefix, role }) => {
      if (uri !== undefined) return !seen.some((file) => file.uri === uri);
      return prefix !== undefined && !seen.some((file) => file.uri.startsWith(prefix) && file.role === role);
    });
}

export function storeOf(context: WorkerContext, record: SessionRecord, place: string): Storage | undefined {
  const landing = context.instances[record.provider]?.landing;
  return [landing, context.archive].find((storage) => storage?.driver.keyOf(place) !== undefined);
}

/** Reads what the provider wrote about a file, if its driver can. */
export function describing(context: WorkerContext, record: SessionRecord): (info: ObjectInfo) => ObjectFacts {
  const { driver } = context.instances[record.provider] ?? {};
  return (info) => driver?.describeObject?.(info) ?? {};
}

async function look(storage: Storage, expected: MediaExpectation, signal: AbortSignal): Promise<readonly ObjectInfo[]> {
  const key = storage.driver.keyOf(expected.uri ?? expected.prefix ?? '');
  if (key === undefined) return [];
  if (expected.uri !== undefined) {
    const info = await storage.head(key, { signal });
    return info && info.bytes > 0 ? [info] : [];
  }
  const found: ObjectInfo[] = [];
  for await (const info of storage.list(key, { signal })) {
    if (info.bytes > 0 && isExpected(info.key, expected)) found.push(info);
  }
  return found;
}

function isExpected(key: string, { container, except }: MediaExpectation): boolean {
  return key.endsWith(`.${container}`) && (except === undefined || !key.endsWith(`${except}.${container}`));
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
