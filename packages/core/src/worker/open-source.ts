import type { OpenedMedia } from '../driver/driver.ts';
import { askedToWaitMs, judge } from '../engine/judge.ts';
import { within } from '../engine/within.ts';
import { OnRecordError } from '../errors/index.ts';
import type { JsonObject } from '../json.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { Storage } from '../storage/storage.ts';
import type { ObjectInfo } from '../storage/storage-driver.ts';
import type { WorkerContext } from './worker-options.ts';

export interface Source {
  /** Length of the whole file, where it is known. */
  readonly bytes: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Times in a row that a body may break off without a byte more before it is given up. */
const maxBreaks = 3;
const pauseMs = 1_000;
/** Longest pause that a provider may ask for between two of them: others wait for the place of this file. */
const longestPauseMs = 60_000;

/**
 * Opens a file where its provider put it: in a registered store, else through the driver. A body that breaks off is
 * opened again from there, so that a long file comes through a line that is cut now and then.
 */
export async function openSource(
  context: WorkerContext,
  record: SessionRecord,
  artifact: Artifact,
  signal: AbortSignal,
): Promise<Source> {
  const first = await openAt(context, record, artifact, 0, signal);
  const bytes = first.bytes ?? artifact.bytes;
  async function* whole(): AsyncGenerator<Uint8Array> {
    let body: AsyncIterable<Uint8Array> | undefined = first.body;
    let offset = 0;
    for (let breaks = 0; ; ) {
      const before = offset;
      try {
        body ??= (await openAt(context, record, artifact, offset, signal)).body;
        for await (const piece of moving(context, body, signal)) {
          offset += piece.length;
          yield piece;
        }
        return;
      } catch (error) {
        breaks = offset > before ? 1 : breaks + 1;
        if (signal.aborted || breaks > maxBreaks || offset === 0 || !isPassing(error)) throw error;
        context.logger.info(
          { sessionId: record.id, artifactId: artifact.id, offset },
          'worker: a file broke off and is read on',
        );
        const asked = Math.min(askedToWaitMs(error), longestPauseMs);
        await context.clock.delay(Math.max(pauseMs * breaks, asked), { signal });
        body = undefined;
      }
    }
  }
  return { bytes, body: whole() };
}

/** The pieces of a body; one that does not come is an error, for a dropped connection may say nothing for ever. */
async function* moving(
  { clock, intervals }: WorkerContext,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  let over = false;
  try {
    for (;;) {
      const { done, value } = await within(clock, intervals.requestMs, signal, () => iterator.next());
      over = done === true;
      if (over) return;
      yield value;
    }
  } finally {
    // A source that hangs would never confirm its return.
    if (!over) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/** Whether trying again can help; an error that nobody classified is one of the line. */
function isPassing(error: unknown): boolean {
  return OnRecordError.is(error) ? error.retry === 'safe' && error.code !== 'integrity-failed' : true;
}

async function openAt(
  { instances, archive, clock, intervals }: WorkerContext,
  record: SessionRecord,
  artifact: Artifact,
  first: number,
  signal: AbortSignal,
): Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly bytes?: number | undefined }> {
  const instance = instances[record.provider];
  const range = first === 0 ? {} : { range: { first } };
  const landed = await openLanded([instance?.landing, archive], artifact.source, { first, signal });
  if (landed) return landed;
  const driver = instance?.driver;
  const open = driver?.doOpenArtifact?.bind(driver);
  if (!driver || !open) {
    throw new OnRecordError('unsupported', `Nothing here can open ${schemeOf(artifact.source)} media.`, {
      remedy: `Register the store of instance ${record.provider} as its landing store.`,
      context: { sessionId: record.id, artifactId: artifact.id },
    });
  }
  const access = accessOf(record, artifact);
  // The limit is for the opening; what is open ends with the transfer.
  const cut = new AbortController();
  const onAbort = () => cut.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await within(clock, intervals.requestMs, signal, () =>
      open(artifact, { ...range, ...(access ? { access } : {}) }, { signal: cut.signal, clock }),
    );
  } catch (error) {
    cut.abort(error);
    signal.removeEventListener('abort', onAbort);
    throw OnRecordError.wrap(error, judge(driver, error), { operation: 'open-artifact', sessionId: record.id });
  }
}

/** Opens what lies in one of these stores, from byte `first` on; undefined where none of them holds that URI. */
export async function openLanded(
  stores: readonly (Storage | undefined)[],
  uri: string,
  { first = 0, signal }: { readonly first?: number | undefined; readonly signal: AbortSignal },
): Promise<OpenedMedia | undefined> {
  for (const storage of stores) {
    const key = storage?.driver.keyOf(uri);
    if (!storage || key === undefined) continue;
    const { body, info } = await storage.get(key, { ...(first === 0 ? {} : { range: { first } }), signal });
    return { body, bytes: info.bytes, ...(info.contentType === undefined ? {} : { contentType: info.contentType }) };
  }
  return undefined;
}

/** Lists what lies in the first of these stores that holds that place; undefined where none of them does. */
export function listLanded(
  stores: readonly (Storage | undefined)[],
  prefix: string,
  { signal }: { readonly signal: AbortSignal },
): AsyncIterable<ObjectInfo> | undefined {
  for (const storage of stores) {
    const key = storage?.driver.keyOf(prefix);
    if (storage && key !== undefined) return storage.list(key, { signal });
  }
  return undefined;
}

/** What the driver noted for opening or deleting the file. */
export function accessOf(record: SessionRecord, artifact: Artifact): JsonObject | undefined {
  return record.reports
    .flatMap(({ seen }) => seen.media ?? [])
    .findLast(({ key, access }) => key === artifact.mediaKey && access !== undefined)?.access;
}

function schemeOf(uri: string): string {
  return /^([a-z][a-z0-9+.-]*:)/i.exec(uri)?.[1] ?? 'unnamed';
}
