import type { SmaEvent } from '../event/sma-event.ts';
import type { SmaHost } from '../host.ts';
import type { Budget } from '../turn/budget.ts';
import type { TurnState } from '../turn/state.ts';
import type { RecordOp } from './op.ts';
import { RecordKeeper } from './record-keeper.ts';

/** Most changes kept in a process; the oldest go first. */
const maxKept = 1_000;
/** Sessions that one invocation of another call tries again. */
const maxTried = 8;

/**
 * Says aloud what the store did not take of a call that is over, and keeps it for the next invocation of this process:
 * no later event of the call will bring it.
 */
export function keepLeftovers({ leftovers, logger }: SmaHost, event: SmaEvent, { legs, pending }: TurnState): void {
  const over = Object.values(legs).every(({ ended }) => ended);
  if (!over || pending.length === 0) return;
  const { TransactionId: transactionId } = event.CallDetails;
  const sessionIds = [...new Set(pending.map(({ session }) => session))];
  const changes = pending.map((op) => (op.op === 'seen' ? `${op.op} ${op.what}` : op.op));
  logger.error({ transactionId, sessionIds, changes }, 'sma: a call is over, and the store has not taken all of it');
  leftovers.push(...pending);
  const tooMany = leftovers.splice(0, Math.max(0, leftovers.length - maxKept));
  if (tooMany.length > 0) logger.error({ changes: tooMany.length }, 'sma: changes of calls that are over are lost');
}

/** Tries again what was left of calls that are over. */
export async function saveLeftovers(host: SmaHost, budget: Budget, share: number): Promise<void> {
  const { leftovers } = host;
  const sessions = new Set([...new Set(leftovers.map(({ session }) => session))].slice(0, maxTried));
  const tried: readonly RecordOp[] = leftovers.filter(({ session }) => sessions.has(session));
  if (tried.length === 0) return;
  leftovers.splice(0, leftovers.length, ...leftovers.filter(({ session }) => !sessions.has(session)));
  const keeper = new RecordKeeper(await host.engine(), host, budget, host.logger);
  await keeper.save(share, tried);
  leftovers.push(...keeper.late);
}
