import { timestamp } from '../clock.ts';
import { addReports, type Change } from '../engine/add-reports.ts';
import { commit } from '../engine/commit.ts';
import { derivedId } from '../engine/ids.ts';
import { refold } from '../engine/refold.ts';
import { OnRecordError } from '../errors/index.ts';
import type { JsonObject } from '../json.ts';
import { correlationOf, type Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { Transfer } from '../session/transfer.ts';
import type { Storage, StoredObject } from '../storage/index.ts';
import { inspectorFor, type MediaFacts } from './inspect-media.ts';
import { manifestOf } from './manifest.ts';
import type { WorkerContext } from './worker-options.ts';

const firstRetryMs = 1_000;
const longestRetryMs = 300_000;

/** Brings what is available into the archive, verified, least time to expiry first; releases nothing before that. */
export async function archiveMedia(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, archive } = context;
  for (const tried = new Set<string>(); ; ) {
    const record = await store.load(sessionId);
    if (!record || record.archive.mode === 'none') return;
    const next = mostUrgent(record, clock.now(), tried);
    if (!next) return;
    tried.add(next.mediaKey);
    if (!archive) {
      throw new OnRecordError('invalid-request', `Session ${sessionId} wants an archive, and this worker has none.`, {
        remedy: 'Give createWorker the same archive as the recorder.',
      });
    }
    await bring(context, archive, record, next, signal);
  }
}

function mostUrgent(record: SessionRecord, now: number, tried: ReadonlySet<string>): Artifact | undefined {
  const due = record.snapshot.artifacts.filter(({ mediaKey, role, state }) => {
    if (state !== 'available' || role === 'manifest' || tried.has(mediaKey)) return false;
    const transfer = record.transfers.find((other) => other.mediaKey === mediaKey);
    return transfer?.nextAttemptAt === undefined || Date.parse(transfer.nextAttemptAt) <= now;
  });
  const expiry = ({ expiresAt }: Artifact) =>
    expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
  return due.toSorted((left, right) => expiry(left) - expiry(right))[0];
}

async function bring(
  context: WorkerContext,
  archive: Storage,
  record: SessionRecord,
  artifact: Artifact,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, logger } = context;
  const before = record.transfers.find(({ mediaKey }) => mediaKey === artifact.mediaKey);
  const attempts = (before?.attempts ?? 0) + 1;
  const journal = (transfer: Omit<Transfer, 'mediaKey' | 'attempts'>) =>
    commit(store, record.id, (now) =>
      withTransfer(now, { ...transfer, mediaKey: artifact.mediaKey, attempts }, clock.now()),
    );
  await journal({ state: 'running' });
  try {
    const { stored, facts } = await copy(context, archive, record, artifact, signal);
    const transfer: Transfer = {
      mediaKey: artifact.mediaKey,
      state: 'stored',
      uri: stored.uri,
      bytes: stored.bytes,
      sha256: stored.sha256,
      ...facts,
      attempts,
      verifiedAt: timestamp(clock.now()),
    };
    await finish(context, archive, record.id, artifact, transfer, signal);
    if (record.archive.mode === 'move') await release(context, record, artifact, signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1));
    logger.warn({ err: error, sessionId: record.id, artifactId: artifact.id, attempts }, 'worker: a transfer failed');
    await journal({ state: 'failed', error: message, nextAttemptAt: timestamp(clock.now() + wait) });
  }
}

function withTransfer(record: SessionRecord, transfer: Transfer, now: number): SessionRecord {
  const others = record.transfers.filter(({ mediaKey }) => mediaKey !== transfer.mediaKey);
  return refold({ ...record, transfers: [...others, transfer] }, record, now);
}

/** Streams the file once: digest, length, container check; to the archive unless it is there already. */
async function copy(
  context: WorkerContext,
  archive: Storage,
  record: SessionRecord,
  artifact: Artifact,
  signal: AbortSignal,
): Promise<{ readonly stored: Pick<StoredObject, 'uri' | 'bytes' | 'sha256'>; readonly facts: MediaFacts }> {
  const inspector = inspectorFor(artifact.role === 'metadata' ? undefined : artifact.container);
  const source = await open(context, record, artifact, signal);
  const expected = source.bytes ?? artifact.bytes;
  let facts: MediaFacts = {};
  async function* inspected(): AsyncGenerator<Uint8Array> {
    for await (const piece of source.body) {
      inspector.push(piece);
      yield piece;
    }
    facts = inspector.end();
  }
  if (record.archive.mode === 'in-place' && archive.holds(artifact.source)) {
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of inspected()) {
      hash.update(piece);
      bytes += piece.length;
    }
    return { stored: { uri: artifact.source, bytes, sha256: hash.digest('hex') }, facts };
  }
  const stored = await archive.put(archiveKey(record, artifact), inspected(), {
    ...(expected === undefined ? {} : { bytes: expected }),
    ...(artifact.mediaType === undefined ? {} : { contentType: artifact.mediaType }),
    metadata: { 'onrecord-session': record.id, 'onrecord-artifact': artifact.id },
    signal,
  });
  return { stored, facts };
}

async function open(
  context: WorkerContext,
  record: SessionRecord,
  artifact: Artifact,
  signal: AbortSignal,
): Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly bytes?: number | undefined }> {
  const instance = context.instances[record.provider];
  for (const storage of [instance?.landing, context.archive]) {
    const key = storage?.driver.keyOf(artifact.source);
    if (!storage || key === undefined) continue;
    const opened = await storage.get(key, { signal });
    return { body: opened.body, bytes: opened.info.bytes };
  }
  const driver = instance?.driver;
  if (!driver?.doOpenArtifact) {
    throw new OnRecordError('unsupported', `Nothing here can open ${new URL(artifact.source).protocol}// media.`, {
      remedy: `Register the store of instance ${record.provider} as its landing store.`,
      context: { sessionId: record.id, artifactId: artifact.id },
    });
  }
  const access = accessOf(record, artifact);
  try {
    return await driver.doOpenArtifact(artifact, access ? { access } : {}, { signal, clock: context.clock });
  } catch (error) {
    throw OnRecordError.wrap(error, driver.classifyError(error), { operation: 'open-artifact', sessionId: record.id });
  }
}

/** What the driver noted for opening or deleting the file. */
function accessOf(record: SessionRecord, artifact: Artifact): JsonObject | undefined {
  return record.reports.flatMap(({ seen }) => seen.media ?? []).findLast(({ key }) => key === artifact.mediaKey)
    ?.access;
}

/**
 * Writes the outcome down. The manifest is written before the save that completes the session, so that whoever sees a
 * completed session finds it; and again with each file that comes after, so that it describes them all.
 */
async function finish(
  context: WorkerContext,
  archive: Storage,
  sessionId: string,
  artifact: Artifact,
  transfer: Transfer,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = context;
  const now = clock.now();
  const current = await store.load(sessionId);
  const after = current && withTransfer(current, transfer, now);
  const completed = after?.snapshot.state === 'completed';
  const manifest = completed ? await writeManifest(archive, after, now, signal) : undefined;
  await commit(store, sessionId, (before): SessionRecord | Change => {
    if (!manifest) return withTransfer(before, transfer, now);
    const transfers = before.transfers.filter(
      ({ mediaKey }) => mediaKey !== transfer.mediaKey && mediaKey !== manifest.transfer.mediaKey,
    );
    const merged = { ...before, transfers: [...transfers, transfer, manifest.transfer] };
    const change = addReports(merged, [manifest.report(artifact.partId)], now);
    return change.record === merged ? refold(merged, before, now) : change;
  });
}

async function writeManifest(archive: Storage, record: SessionRecord, now: number, signal: AbortSignal) {
  const text = `${JSON.stringify(manifestOf(record, timestamp(now)), undefined, 2)}\n`;
  const bytes = new TextEncoder().encode(text);
  const stored = await archive.put(`${folderOf(record)}/manifest.json`, pieces(bytes), {
    bytes: bytes.length,
    contentType: 'application/json',
    signal,
  });
  const transfer: Transfer = {
    mediaKey: stored.uri,
    state: 'stored',
    uri: stored.uri,
    bytes: stored.bytes,
    sha256: stored.sha256,
    attempts: 1,
    verifiedAt: timestamp(now),
  };
  const report = (partId: string): Report => ({
    reportId: derivedId('manifest', record.id, stored.uri),
    subject: { correlation: correlationOf(record.id, partId) },
    seen: {
      media: [
        { key: stored.uri, uri: stored.uri, role: 'manifest', mediaType: 'application/json', bytes: stored.bytes },
      ],
    },
    cause: { unattributed: true },
    clock: { domain: 'ours', at: timestamp(now) },
    via: 'storage',
    receivedAt: timestamp(now),
  });
  return { transfer, report };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Deletes the source, after the copy was verified; a failure is logged, for the copy is safe. */
async function release(
  context: WorkerContext,
  record: SessionRecord,
  artifact: Artifact,
  signal: AbortSignal,
): Promise<void> {
  const instance = context.instances[record.provider];
  const key = instance?.landing?.driver.keyOf(artifact.source);
  try {
    if (instance?.landing && key !== undefined) await instance.landing.delete(key, { signal });
    else {
      const access = accessOf(record, artifact);
      await instance?.driver.doDeleteArtifact?.(artifact, access ? { access } : {}, { signal, clock: context.clock });
    }
  } catch (error) {
    context.logger.warn(
      { err: error, sessionId: record.id, artifactId: artifact.id },
      'worker: a source was not deleted',
    );
  }
}

/** `<yyyy>/<mm>/<dd>/<session id>`, the date being that of the session's creation, in UTC. */
function folderOf(record: SessionRecord): string {
  return `${record.createdAt.slice(0, 10).replaceAll('-', '/')}/${record.id}`;
}

function archiveKey(record: SessionRecord, artifact: Artifact): string {
  return `${folderOf(record)}/${artifact.id}.${artifact.role === 'metadata' ? 'json' : (artifact.container ?? 'bin')}`;
}
