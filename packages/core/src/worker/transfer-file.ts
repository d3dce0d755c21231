import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { timestamp } from '../clock.ts';
import { askedToWaitMs } from '../engine/judge.ts';
import { errorFields, OnRecordError, withoutSecrets } from '../errors/index.ts';
import type { Transfer } from '../session/transfer.ts';
import type { Storage } from '../storage/index.ts';
import { deriveRepaired } from './derive-repaired.ts';
import { inspectorFor } from './inspect-media.ts';
import { openSource, type Source } from './open-source.ts';
import { giveUpEmpty } from './repair-empty.ts';
import { breakOffOf } from './repair-policy.ts';
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
      (await copiedBefore(archive, transfer, holding.signal)) ??
      (await copy(context, archive, claim, holding.signal, (seen) => {
        kept = seen;
      }));
    const copied = { ...transfer, ...kept };
    const files = await deriveRepaired(context, archive, claim, copied, holding.signal);
    await settleTransfer(context, archive, claim, files, holding.signal);
  } catch (error) {
    const code = OnRecordError.is(error) ? error.code : 'unknown';
    const message = withoutSecrets(error instanceof Error ? error.message : String(error));
    const retryAfterMs = signal.aborted ? 0 : retryWait(claim, clock.now(), askedToWaitMs(error));
    if (!signal.aborted) {
      const level = transfer.attempts >= alarmingAttempts ? 'error' : 'warn';
      logger[level](
        { err: errorFields(error), sessionId, artifactId: artifact.id, attempts: transfer.attempts },
        'worker: a transfer failed',
      );
    }
    if (!signal.aborted && kept.brokenOff?.final && kept.durationMs === 0) {
      await giveUpEmpty(context, claim, kept);
      return;
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

/**
 * Streams the file once: digest, length, container check; to the archive unless it is there already. What was seen of a
 * file that breaks off is `noted`, for it may not be taken yet.
 */
async function copy(
  context: WorkerContext,
  archive: Storage,
  claim: TransferClaim,
  signal: AbortSignal,
  note: (seen: Partial<Transfer>) => void,
): Promise<Partial<Transfer>> {
  const { record, artifact, transfer } = claim;
  const source = await openSource(context, record, artifact, signal);
  const media = inspected(context, source, claim, note);
  const key = archive.driver.keyOf(transfer.uri ?? '') ?? '';
  const stored =
    transfer.uri === artifact.source
      ? await readThrough(media.body, transfer.uri)
      : await archive.put(key, media.body, {
          ...(source.bytes === undefined ? {} : { bytes: source.bytes }),
          ...(artifact.mediaType === undefined ? {} : { contentType: artifact.mediaType }),
          metadata: { 'onrecord-session': record.id, 'onrecord-artifact': artifact.id },
          signal,
        });
  const { uri, bytes, sha256 } = stored;
  return { uri, bytes, sha256, ...media.facts(), verifiedAt: timestamp(context.clock.now()) };
}

function inspected(
  context: WorkerContext,
  source: Source,
  claim: TransferClaim,
  note: (seen: Partial<Transfer>) => void,
) {
  const { role, container } = claim.artifact;
  const inspector = inspectorFor(role === 'metadata' ? undefined : container);
  let facts: Partial<Transfer> = {};
  async function* body(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    let checksum = 0;
    for await (const piece of source.body) {
      inspector.push(piece);
      bytes += piece.length;
      checksum = crc32(piece, checksum);
      yield piece;
    }
    if (source.bytes !== undefined && source.bytes !== bytes) throw otherLength(bytes, source.bytes);
    const { problem, ...seen } = inspector.end();
    const fingerprint = `${bytes}-${checksum.toString(16).padStart(8, '0')}`;
    const brokenOff = breakOffOf(context, claim, {
      facts: { ...seen, problem },
      fingerprint,
      isWhole: source.bytes === bytes,
    });
    facts = { ...seen, brokenOff };
    if (!brokenOff || (brokenOff.final && seen.durationMs !== 0)) return;
    note(brokenOff.final ? facts : { brokenOff });
    throw new OnRecordError('integrity-failed', `The recording is not sound: ${brokenOff.problem}.`, {
      retry: 'safe',
      blame: 'provider',
    });
  }
  return { body: body(), facts: () => facts };
}

async function readThrough(body: AsyncIterable<Uint8Array>, uri: string) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of body) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { uri, bytes, sha256: hash.digest('hex') };
}

function otherLength(came: number, announced: number): OnRecordError {
  return new OnRecordError('integrity-failed', `The file has ${came} bytes, ${announced} were announced.`, {
    retry: 'safe',
    blame: 'provider',
  });
}
