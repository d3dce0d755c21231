import { timestamp } from '../clock.ts';
import { commit } from '../engine/commit.ts';
import { refold } from '../engine/refold.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { Transfer } from '../session/transfer.ts';
import { archiveKey } from './archive-key.ts';
import { type Holding, hold } from './hold-lease.ts';
import type { WorkerContext } from './worker-options.ts';

const firstRetryMs = 1_000;
const longestRetryMs = 300_000;

/** One attempt at a file, ours as long as the journal says so: its number fences it from those before and after. */
export interface TransferClaim {
  readonly record: SessionRecord;
  readonly artifact: Artifact;
  readonly transfer: Transfer;
}

/** Files that are to be brought into the archive and are not there, whether or not their time has come. */
export function outstandingFiles(record: SessionRecord): readonly Artifact[] {
  if (record.archive.mode === 'none') return [];
  return record.snapshot.artifacts.filter(({ mediaKey, role, state, side }) => {
    if (role === 'manifest' || side) return false;
    if (state === 'available') return true;
    // Copied and verified in time, and only its description is wanting.
    return state === 'expired' && transferOf(record, mediaKey)?.verifiedAt !== undefined;
  });
}

export function transferOf(record: SessionRecord, mediaKey: string): Transfer | undefined {
  return record.transfers.find((transfer) => transfer.mediaKey === mediaKey);
}

/** When the next attempt at a file may begin (epoch ms); for one that is under way, when its worker must have died. */
export function transferAt(record: SessionRecord, { mediaKey }: Artifact): number {
  const next = transferOf(record, mediaKey)?.nextAttemptAt;
  return next === undefined ? 0 : Date.parse(next);
}

/** Begins an attempt, unless the file is there already, or its time has not come, or somebody else is at it. */
export async function claimTransfer(
  context: WorkerContext,
  sessionId: string,
  mediaKey: string,
): Promise<TransferClaim | undefined> {
  const { store, clock, archive, intervals } = context;
  let claim: TransferClaim | undefined;
  await commit(store, sessionId, (before) => {
    claim = undefined;
    const artifact = outstandingFiles(before).find((file) => file.mediaKey === mediaKey);
    if (!archive || !artifact || transferAt(before, artifact) > clock.now()) return undefined;
    const known = transferOf(before, mediaKey);
    const inPlace = before.archive.mode === 'in-place' && archive.holds(artifact.source);
    const transfer: Transfer = {
      ...known,
      mediaKey,
      state: 'running',
      attempts: (known?.attempts ?? 0) + 1,
      uri: inPlace ? artifact.source : archive.driver.uriOf(archiveKey(archive.driver, before, artifact)),
      nextAttemptAt: timestamp(clock.now() + intervals.leaseMs),
    };
    const record = replaceTransfer(before, transfer);
    claim = { record, artifact, transfer };
    return record;
  });
  return claim;
}

export function replaceTransfer(record: SessionRecord, transfer: Transfer): SessionRecord {
  const others = record.transfers.filter(({ mediaKey }) => mediaKey !== transfer.mediaKey);
  return { ...record, transfers: [...others, transfer] };
}

/** Whether an attempt is still the last one, and not over. */
export function isOurs(record: SessionRecord, { mediaKey, attempts }: Transfer): boolean {
  const now = transferOf(record, mediaKey);
  return now?.state === 'running' && now.attempts === attempts;
}

/** Keeps an attempt ours for as long as it takes. */
export function holdTransfer(context: WorkerContext, claim: TransferClaim, signal: AbortSignal): Holding {
  return hold(context, {
    sessionId: claim.record.id,
    holdMs: context.intervals.leaseMs,
    signal,
    renew(record, until) {
      const { mediaKey } = claim.transfer;
      const now = transferOf(record, mediaKey);
      return now && isOurs(record, claim.transfer)
        ? replaceTransfer(record, { ...now, nextAttemptAt: until })
        : undefined;
    },
  });
}

/** Writes down that an attempt failed, and when the next may begin; what `kept` says is known for good. */
export async function failTransfer(
  { store, clock }: WorkerContext,
  claim: TransferClaim,
  error: string,
  options: { readonly retryAfterMs: number; readonly kept: Partial<Transfer> },
): Promise<void> {
  await commit(store, claim.record.id, (before) => {
    if (!isOurs(before, claim.transfer)) return undefined;
    const failed: Transfer = {
      ...claim.transfer,
      ...options.kept,
      state: 'failed',
      error,
      nextAttemptAt: timestamp(clock.now() + options.retryAfterMs),
    };
    return refold(replaceTransfer(before, failed), before, clock.now());
  });
}

/**
 * The wait after so many attempts, or what was asked for if that is longer; where the provider's copy goes soon, the last
 * try comes before it does.
 */
export function retryWait({ transfer, artifact }: TransferClaim, nowMs: number, askedMs: number): number {
  const own = firstRetryMs * 2 ** Math.min(transfer.attempts - 1, 30);
  const wait = Math.min(longestRetryMs, Math.max(own, askedMs));
  if (artifact.expiresAt === undefined) return wait;
  const left = Date.parse(artifact.expiresAt) - nowMs;
  return left > firstRetryMs ? Math.min(wait, left / 2) : wait;
}
