import { addReports } from '../engine/add-reports.ts';
import { commit } from '../engine/commit.ts';
import { refold } from '../engine/refold.ts';
import type { Transfer } from '../session/transfer.ts';
import type { EndReason } from '../states/states.ts';
import { observation } from './observation.ts';
import { capturedMs } from './repair-policy.ts';
import { isOurs, replaceTransfer, type TransferClaim, transferOf } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * Writes down that a file holds no audio and never will. Where no other file of its part does, the part captured and
 * nothing of it is left: that is an error of storage, not an empty recording, unless nothing was captured.
 */
export async function giveUpEmpty(
  { store, clock, logger }: WorkerContext,
  claim: TransferClaim,
  seen: Partial<Transfer>,
): Promise<void> {
  const { artifact, transfer } = claim;
  const { mediaKey, partId } = artifact;
  let endReason: EndReason | undefined;
  await commit(store, claim.record.id, (before) => {
    endReason = undefined;
    if (!isOurs(before, transfer)) return undefined;
    const { uri: _, nextAttemptAt: __, error: ___, ...rest } = transfer;
    const record = replaceTransfer(before, { ...rest, ...seen, state: 'empty' });
    const others = before.snapshot.artifacts.filter(
      (file) => file.partId === partId && file.mediaKey !== mediaKey && isAudio(file.role) && !file.side,
    );
    if (others.some((file) => transferOf(record, file.mediaKey)?.state !== 'empty')) {
      return refold(record, before, clock.now());
    }
    endReason = capturedMs(before, artifact) === undefined ? 'empty' : 'storage-error';
    const what = ['empty', mediaKey];
    return addReports(
      record,
      [observation(record, partId, { what, seen: { endReason }, nowMs: clock.now() })],
      clock.now(),
    );
  });
  logger.error(
    { sessionId: claim.record.id, artifactId: artifact.id, problem: seen.brokenOff?.problem, endReason },
    'worker: a file holds no audio, and nobody will add any',
  );
}

function isAudio(role: TransferClaim['artifact']['role']): boolean {
  return role === 'master' || role === 'track' || role === 'segment';
}
