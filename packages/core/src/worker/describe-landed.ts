import { derivedId } from '../engine/ids.ts';
import { judge } from '../engine/judge.ts';
import { applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import type { MediaSighting } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Storage } from '../storage/index.ts';
import { awaitedFileMs } from './intervals.ts';
import { describing } from './landed-files.ts';
import { observation } from './observation.ts';
import { storeOf } from './probe-landing.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * Reads the metadata of files that stay where their provider left them, once: nobody copies them, so nothing else tells
 * how long they last, and a file that is too short would pass for a whole one. Nothing else tells either that one is not
 * there: past the time of a missing file that is said, and taken back if the store shows the file after all.
 */
export async function describeLanded(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, intervals, pace } = context;
  const record = await store.load(sessionId);
  if (!record) return;
  const describe = describing(context, record);
  for (const { partId, file, key, waitMs, storage, since, told } of undescribed(context, record)) {
    if (waitMs > 0) continue;
    try {
      const place = storage.driver.keyOf(file.uri) ?? '';
      const info = await within(clock, intervals.requestMs, signal, (cut) => storage.head(place, { signal: cut }));
      pace.succeeded(key);
      if (!info && (told || since === undefined || clock.now() < since + intervals.missingAfterMs)) continue;
      if (!info) logger.error({ sessionId, partId }, 'worker: a file is gone from where it landed');
      const back = told ? { gone: false } : {};
      const media = [info ? { ...file, bytes: info.bytes, ...back, ...describe(info) } : { ...file, gone: true }];
      const what = info ? look(file.key) : denial(file.key);
      const report = observation(record, partId, { what, seen: { media }, nowMs: clock.now() });
      await applyReports(store, sessionId, [report], clock.now());
    } catch (error) {
      if (signal.aborted) return;
      pace.failed(key, `landing/${record.provider}`, judge(storage.driver, error));
      logger.warn({ err: errorFields(error), sessionId, partId }, 'worker: the metadata of a file could not be read');
    }
  }
}

export interface Undescribed {
  readonly partId: string;
  readonly file: Pick<MediaSighting, 'key' | 'uri' | 'role'>;
  readonly key: string;
  readonly waitMs: number;
  readonly storage: Storage;
  /** When its part ended (epoch ms). */
  readonly since: number | undefined;
  /** It was said already that the file is gone. */
  readonly told: boolean;
}

/**
 * Files that stay where they landed and do not say how long they last, until that was found once. When a missing
 * file would be lost, a store that has denied it is asked no more, nor one that still refuses: it may never admit us.
 */
export function undescribed(context: WorkerContext, record: SessionRecord): readonly Undescribed[] {
  const { clock, intervals, pace, instances } = context;
  if (record.archive.mode !== 'none' || !instances[record.provider]?.driver.describeObject) return [];
  const made = new Set(record.reports.map(({ reportId }) => reportId));
  return record.snapshot.artifacts.flatMap(({ partId, mediaKey, role, source, state, durationMs, side }) => {
    const storage = storeOf(context, record, source);
    const wasMade = (what: readonly string[]) => made.has(derivedId('worker', record.id, partId, ...what));
    const told = wasMade(denial(mediaKey));
    if (state !== 'available' && !(state === 'missing' && told)) return [];
    if (durationMs !== undefined || side || role === 'derived' || !storage || wasMade(look(mediaKey))) return [];
    const key = `${record.id}/${partId}/describe/${source}`;
    const { endedAt } = record.snapshot.parts.find(({ id }) => id === partId) ?? {};
    const since = endedAt === undefined ? undefined : Date.parse(endedAt);
    const isHopeless = since !== undefined && clock.now() >= since + intervals.lostAfterMs;
    if (isHopeless && (told || pace.isFailing(key))) return [];
    const file = { key: mediaKey, uri: source, role };
    const patienceMs = since === undefined ? intervals.steadyPollMs : awaitedFileMs(intervals, since, clock.now());
    // After a failure the pace knows how soon.
    const waitMs = pace.wait(key, `landing/${record.provider}`, pace.isFailing(key) ? 0 : patienceMs);
    return { partId, file, key, waitMs, storage, since, told };
  });
}

function look(mediaKey: string): readonly string[] {
  return ['described', mediaKey];
}

function denial(mediaKey: string): readonly string[] {
  return ['gone', mediaKey];
}
