import { judge } from '../engine/judge.ts';
import { applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import { correlationOf, type MediaExpectation, type Report } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { ObjectInfo, Storage } from '../storage/index.ts';
import { awaitedFileMs } from './intervals.ts';
import { type Look, landedFiles } from './landed-files.ts';
import { landedTogether, severalWait } from './landed-together.ts';
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
      const seen = { part, expected, found };
      const report = expected.several ? landedTogether(context, record, seen) : landedAtOnce(context, record, seen);
      if (report) await applyReports(store, sessionId, [report], clock.now());
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

function landedAtOnce(context: WorkerContext, record: SessionRecord, { part, expected, found }: Look): Report {
  const media = landedFiles(context, record, expected, found);
  const what = ['ended', 'media', ...media.map((file) => file.key)];
  return observation(record, part.id, { what, seen: { ended: true, media }, nowMs: context.clock.now() });
}

/**
 * Places where files are expected that nobody has seen, or of which more may come, and how long each look still has to
 * wait.
 */
export function probes(context: WorkerContext, record: SessionRecord): readonly Probe[] {
  const { clock, intervals, pace } = context;
  const isFinal = record.snapshot.state === 'completed' || record.snapshot.state === 'failed';
  return record.parts.flatMap((part) => {
    const endedAt = record.snapshot.parts.find(({ id }) => id === part.id)?.endedAt;
    const intervalMs =
      endedAt === undefined ? intervals.steadyPollMs : awaitedFileMs(intervals, Date.parse(endedAt), clock.now());
    return unseen(record, part).flatMap((expected): readonly Probe[] => {
      const place = expected.uri ?? expected.prefix ?? '';
      const key = `${record.id}/${part.id}/probe/${place}`;
      const instance = `landing/${record.provider}`;
      const several = expected.several ? severalWait(context, record, part) : undefined;
      if (expected.several ? several === undefined : isFinal) return [];
      const waitMs = Math.max(several?.leastMs ?? 0, pace.wait(key, instance, several?.intervalMs ?? intervalMs));
      return [{ part, expected, key, waitMs, storage: storeOf(context, record, place) }];
    });
  });
}

/** Expected files with a known place, without those that were sighted there; where there may be several, one says nothing. */
function unseen(record: SessionRecord, part: PartRecord): readonly MediaExpectation[] {
  const correlation = correlationOf(record.id, part.id);
  const own = record.reports.filter(({ subject }) => 'correlation' in subject && subject.correlation === correlation);
  const seen = own.flatMap(({ seen: { media = [] } }) => media);
  return own
    .flatMap(({ seen: { expects = [] } }) => expects)
    .filter(({ uri, prefix, role, several }) => {
      if (several) return prefix !== undefined;
      if (uri !== undefined) return !seen.some((file) => file.uri === uri);
      return prefix !== undefined && !seen.some((file) => file.uri.startsWith(prefix) && file.role === role);
    });
}

export function storeOf(context: WorkerContext, record: SessionRecord, place: string): Storage | undefined {
  const landing = context.instances[record.provider]?.landing;
  return [landing, context.archive].find((storage) => storage?.driver.keyOf(place) !== undefined);
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
