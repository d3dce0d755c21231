import { derivedId } from '../engine/ids.ts';
import { judge } from '../engine/judge.ts';
import { applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import type { MediaSighting } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Storage } from '../storage/index.ts';
import { observation } from './observation.ts';
import { describing, storeOf } from './probe-landing.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * Reads the metadata of files that stay where their provider left them, once: nobody copies them, so nothing else tells
 * how long they last, and a file that is too short would pass for a whole one.
 */
export async function describeLanded(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, intervals, pace } = context;
  const record = await store.load(sessionId);
  if (!record) return;
  const describe = describing(context, record);
  for (const { partId, file, key, waitMs, storage } of undescribed(context, record)) {
    if (waitMs > 0) continue;
    try {
      const place = storage.driver.keyOf(file.uri) ?? '';
      const info = await within(clock, intervals.requestMs, signal, (cut) => storage.head(place, { signal: cut }));
      pace.succeeded(key);
      const media = info ? [{ ...file, bytes: info.bytes, ...describe(info) }] : undefined;
      const seen = media ? { media } : {};
      const report = observation(record, partId, { what: look(file.key), seen, nowMs: clock.now() });
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
}

/**
 * Files that stay where they landed and do not say how long they last, until that was looked for once. A store that still
 * refuses when a missing file would be lost is left alone: it may never admit us.
 */
export function undescribed(context: WorkerContext, record: SessionRecord): readonly Undescribed[] {
  const { clock, intervals, pace, instances } = context;
  if (record.archive.mode !== 'none' || !instances[record.provider]?.driver.describeObject) return [];
  const made = new Set(record.reports.map(({ reportId }) => reportId));
  return record.snapshot.artifacts.flatMap(({ partId, mediaKey, role, source, state, durationMs, side }) => {
    const storage = storeOf(context, record, source);
    if (state !== 'available' || durationMs !== undefined || side || role === 'derived' || !storage) return [];
    if (made.has(derivedId('worker', record.id, partId, ...look(mediaKey)))) return [];
    const key = `${record.id}/${partId}/describe/${source}`;
    const { endedAt } = record.snapshot.parts.find(({ id }) => id === partId) ?? {};
    const isHopeless = endedAt !== undefined && clock.now() >= Date.parse(endedAt) + intervals.lostAfterMs;
    if (isHopeless && pace.isFailing(key)) return [];
    const file = { key: mediaKey, uri: source, role };
    // It is asked for again only after a failure, and the pace knows how soon.
    return { partId, file, key, waitMs: pace.wait(key, `landing/${record.provider}`, 0), storage };
  });
}

function look(mediaKey: string): readonly string[] {
  return ['described', mediaKey];
}
