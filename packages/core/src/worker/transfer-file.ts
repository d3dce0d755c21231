import { createHash } from 'node:crypto';
import { timestamp } from '../clock.ts';
import { errorFields, OnRecordError, withoutSecrets } from '../errors/index.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { Transfer } from '../session/transfer.ts';
import type { Storage } from '../storage/index.ts';
import { inspectorFor, type MediaFacts } from './inspect-media.ts';
import { openSource, type Source } from './open-source.ts';
import { settleTransfer } from './settle-transfer.ts';
import { claimTransfer, failTransfer, holdTransfer, retryWait, type TransferClaim } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';

/** Attempts after which a transfer that fails is no more a passing trouble. */
const alarmingAttempts = 5;

/**
 * Brings one file into the archive: journal, copy, verification, manifest, in this order. Whatever happens on the way,
 * the source stays where it is, and the journal says what the next attempt has to do.
 */
export async function transferFile(
  context: WorkerContext,
  sessionId: string,
  mediaKey: string,
  signal: AbortSignal,
): Promise<void> {
  const { archive, clock, logger } = context;
  const claim = await claimTransfer(context, sessionId, mediaKey);
  if (!claim || !archive) return;
  const { artifact, transfer } = claim;
  const holding = holdTransfer(context, claim, signal);
  let kept: Partial<Transfer> = {};
  try {
    kept =
      (await copiedBefore(archive, transfer, holding.signal)) ?? (await copy(context, archive, claim, holding.signal));
    await settleTransfer(context, archive, claim, { ...transfer, ...kept }, holding.signal);
  } catch (error) {
    const code = OnRecordError.is(error) ? error.code : 'unknown';
    const message = withoutSecrets(error instanceof Error ? error.message : String(error));
    const retryAfterMs = signal.aborted ? 0 : retryWait(claim, clock.now());
    if (!signal.aborted) {
      const level = transfer.attempts >= alarmingAttempts ? 'error' : 'warn';
      logger[level](
        { err: errorFields(error), sessionId, artifactId: artifact.id, attempts: transfer.attempts },
        'worker: a transfer failed',
      );
    }
    await failTransfer(context, claim, `${code}: ${message}`, { retryAfterMs, kept });
  } finally {
    holding.stop();
  }
}

/** What an earlier attempt had copied and verified, if it is still there. */
async function copiedBefore(
  archive: Storage,
  { uri, bytes, sha256, verifiedAt }: Transfer,
  signal: AbortSignal,
): Promise<Partial<Transfer> | undefined> {
  const key = uri === undefined || verifiedAt === undefined ? undefined : archive.driver.keyOf(uri);
  if (key === undefined || bytes === undefined || sha256 === undefined) return undefined;
  return (await archive.head(key, { signal }))?.bytes === bytes ? { verifiedAt } : undefined;
}

/** Streams the file once: digest, length, container check; to the archive unless it is there already. */
async function copy(
  context: WorkerContext,
  archive: Storage,
  { record, artifact, transfer }: TransferClaim,
  signal: AbortSignal,
): Promise<Partial<Transfer>> {
  const source = await openSource(context, record, artifact, signal);
  const media = inspected(source, artifact);
  const key = archive.driver.keyOf(transfer.uri ?? '') ?? '';
  const stored =
    transfer.uri === artifact.source
      ? await readThrough(media.body, source, transfer.uri)
      : await archive.put(key, media.body, {
          ...(source.bytes === undefined ? {} : { bytes: source.bytes }),
          ...(artifact.mediaType === undefined ? {} : { contentType: artifact.mediaType }),
          metadata: { 'onrecord-session': record.id, 'onrecord-artifact': artifact.id },
          signal,
        });
  const { uri, bytes, sha256 } = stored;
  return { uri, bytes, sha256, ...media.facts(), verifiedAt: timestamp(context.clock.now()) };
}

function inspected(source: Source, { role, container }: Artifact) {
  const inspector = inspectorFor(role === 'metadata' ? undefined : container);
  let facts: MediaFacts = {};
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const piece of source.body) {
      inspector.push(piece);
      yield piece;
    }
    facts = inspector.end();
  }
  return { body: body(), facts: () => facts };
}

async function readThrough(body: AsyncIterable<Uint8Array>, source: Source, uri: string) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of body) {
    hash.update(piece);
    bytes += piece.length;
  }
  if (source.bytes !== undefined && bytes !== source.bytes) {
    throw new OnRecordError('integrity-failed', `The file has ${bytes} bytes, ${source.bytes} were announced.`, {
      retry: 'safe',
      blame: 'provider',
    });
  }
  return { uri, bytes, sha256: hash.digest('hex') };
}
