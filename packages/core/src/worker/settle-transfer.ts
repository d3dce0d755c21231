import { judge } from '../engine/judge.ts';
import { refold } from '../engine/refold.ts';
import { OnRecordError } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Storage } from '../storage/index.ts';
import type { Derivation } from './derive-repaired.ts';
import { isOurs, replaceTransfer, type TransferClaim } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';
import { isFinal, manifestPace, writeManifest } from './write-manifest.ts';

/** Attempts to describe a record that keeps changing meanwhile. */
const maxAttempts = 50;

/**
 * Writes down that a file is stored, with what was made from it. The manifest is written before the save that ends the session, and describes
 * exactly the revision that is saved: whoever sees a completed session finds it, with every file in it.
 * @throws OnRecordError `conflict` when another worker has taken over meanwhile.
 */
export async function settleTransfer(
  context: WorkerContext,
  archive: Storage,
  claim: TransferClaim,
  [copied, ...copies]: Derivation,
  signal: AbortSignal,
): Promise<void> {
  const { error: _, nextAttemptAt: __, ...rest } = copied;
  const stored = [{ ...rest, state: 'stored' as const }, ...copies];
  await saveDescribed(context, archive, claim.record.id, signal, (before) => {
    if (!isOurs(before, claim.transfer)) {
      throw new OnRecordError('conflict', `Another worker has taken over ${claim.artifact.id}.`, { retry: 'safe' });
    }
    // A copy that an earlier attempt had planned of a file which is sound after all will never be made.
    const transfers = before.transfers.filter(({ derivedFrom }) => derivedFrom !== copied.mediaKey);
    return refold(stored.reduce(replaceTransfer, { ...before, transfers }), before, context.clock.now());
  });
}

/** Describes a session that ended without a file being stored last. */
export async function describeSession(
  context: WorkerContext,
  archive: Storage,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  const key = manifestPace(sessionId);
  try {
    await saveDescribed(context, archive, sessionId, signal, (before) => before);
    context.pace.succeeded(key);
  } catch (error) {
    context.pace.failed(key, 'archive', judge(archive.driver, error));
    throw error;
  }
}

async function saveDescribed(
  { store, clock }: WorkerContext,
  archive: Storage,
  sessionId: string,
  signal: AbortSignal,
  change: (before: SessionRecord) => SessionRecord,
): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await store.load(sessionId);
    if (!before) throw new OnRecordError('not-found', `There is no session ${sessionId} in this store.`);
    const after = change(before);
    const described = isFinal(after) ? await writeManifest(archive, after, clock.now(), signal) : after;
    if ((await store.save(described, before.revision)) === 'saved') return;
  }
  throw new OnRecordError('conflict', `Session ${sessionId} kept changing while it was being described.`, {
    retry: 'safe',
    blame: 'library',
    context: { sessionId },
  });
}
