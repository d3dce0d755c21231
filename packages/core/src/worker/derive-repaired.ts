import { timestamp } from '../clock.ts';
import { commit } from '../engine/commit.ts';
import { digestOf } from '../engine/ids.ts';
import { OnRecordError, withoutSecrets } from '../errors/index.ts';
import { repairedId } from '../fold/artifacts.ts';
import { type RepairedWav, repairWav } from '../media/wav-repair.ts';
import type { Transfer } from '../session/transfer.ts';
import type { Storage } from '../storage/index.ts';
import { archiveKey } from './archive-key.ts';
import { openSource } from './open-source.ts';
import { isOurs, replaceTransfer, type TransferClaim, transferOf } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';

/** The files to be written down: the one that was copied, and what was made from it. */
export type Derivation = readonly [own: Transfer, ...copies: Transfer[]];

/**
 * Stores a repaired copy beside an archived WAV file that breaks off. Each step is in the journal before the next one
 * begins, and each can be done again: whoever goes on after a kill finds the master and the place of the copy there.
 */
export async function deriveRepaired(
  context: WorkerContext,
  archive: Storage,
  claim: TransferClaim,
  copied: Transfer,
  signal: AbortSignal,
): Promise<Derivation> {
  const { brokenOff } = copied;
  if (!brokenOff || claim.artifact.container !== 'wav') return [copied];
  await journal(context, claim, [copied]);
  const planned = planOf(archive, claim);
  let repaired: RepairedWav;
  try {
    repaired = await repairWav(() => contents(context, claim, copied, signal));
  } catch (error) {
    if (!OnRecordError.is(error, 'unsupported')) throw error;
    return [{ ...copied, brokenOff: { ...brokenOff, unrepairable: withoutSecrets(error.message) } }];
  }
  const { diagnosis, bytes, body } = repaired;
  if (bytes === undefined) return [copied];
  await journal(context, claim, [copied, planned]);
  const stored = await archive.put(archive.driver.keyOf(planned.uri) ?? '', body, {
    bytes,
    contentType: claim.artifact.mediaType ?? 'audio/wav',
    metadata: { 'onrecord-session': claim.record.id, 'onrecord-artifact': repairedId(claim.artifact.id) },
    signal,
  });
  const copy: Transfer = {
    ...planned,
    state: 'stored',
    uri: stored.uri,
    bytes: stored.bytes,
    sha256: stored.sha256,
    durationMs: Math.round(diagnosis.durationMs),
    channels: diagnosis.channelCount,
    sampleRateHz: diagnosis.sampleRate,
    codec: 'pcm_s16le',
    verifiedAt: timestamp(context.clock.now()),
  };
  return [copied, copy];
}

/** The journal of the copy, with the place that an earlier attempt chose for it. */
function planOf(archive: Storage, { record, artifact }: TransferClaim): Transfer & { readonly uri: string } {
  const mediaKey = `repaired/${digestOf(artifact.mediaKey)}`;
  const known = transferOf(record, mediaKey);
  const key = archiveKey(archive.driver, record, {
    ...artifact,
    id: repairedId(artifact.id),
    mediaKey,
    role: 'derived',
  });
  return {
    mediaKey,
    derivedFrom: artifact.mediaKey,
    state: 'running',
    attempts: (known?.attempts ?? 0) + 1,
    uri: archive.driver.uriOf(key),
  };
}

/** @throws OnRecordError `conflict` when another worker has taken over meanwhile. */
async function journal(
  { store }: WorkerContext,
  { record, artifact, transfer }: TransferClaim,
  entries: readonly Transfer[],
): Promise<void> {
  await commit(store, record.id, (before) => {
    if (!isOurs(before, transfer)) {
      throw new OnRecordError('conflict', `Another worker has taken over ${artifact.id}.`, { retry: 'safe' });
    }
    const nextAttemptAt = transferOf(before, transfer.mediaKey)?.nextAttemptAt;
    return entries.reduce(
      (next, entry) =>
        replaceTransfer(
          next,
          entry.mediaKey === transfer.mediaKey ? { ...entry, state: 'running', nextAttemptAt } : entry,
        ),
      before,
    );
  });
}

/** What was archived, read on where the line breaks off. */
async function* contents(
  context: WorkerContext,
  { record, artifact }: TransferClaim,
  { uri = '', bytes }: Transfer,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { body } = await openSource(context, record, { ...artifact, source: uri, bytes }, signal);
  yield* body;
}
