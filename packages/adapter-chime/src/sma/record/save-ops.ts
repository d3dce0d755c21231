import {
  type ArchivePolicy,
  acceptCommand,
  addReports,
  commit,
  createSession,
  derivedId,
  idempotencyIndex,
  markSent,
  nthStartIndex,
  nthStartKey,
  OnRecordError,
  recordCommand,
  refold,
  refuseCommand,
  type SessionRecord,
  type SessionStore,
} from '@onrecord/core';
import type { Landing } from '../record-actions.ts';
import { seenReports, sentReport } from './map-reports.ts';
import type { CreateOp, RecordOp, SendOp } from './op.ts';

export interface SaveContext {
  readonly store: SessionStore;
  readonly provider: string;
  readonly deployment: string;
  readonly tenant?: string | undefined;
  readonly landing: Landing;
  readonly archive: ArchivePolicy;
}

/**
 * Whether a command may leave: `go`; `drop`, it is pointless or illegal by now; `wait`, another process's command is in
 * flight.
 */
export type Verdict =
  | { readonly is: 'go' }
  | { readonly is: 'wait' }
  | { readonly is: 'drop'; readonly reason: string; readonly sessionId?: string | undefined };

const go: Verdict = { is: 'go' };

/**
 * Applies the changes of one session in order, durably.
 * @throws what the store throws; then nothing is decided, and the same call may be repeated.
 */
export async function saveOps(context: SaveContext, ops: readonly RecordOp[]): Promise<Verdict> {
  const session = ops[0]!.session;
  const create = ops.find((op) => op.op === 'create');
  if (create) {
    const record = newRecord(context, create);
    const keys = [idempotencyIndex(record), nthStartIndex(context.tenant, create.call, create.ordinal)];
    const stored = await context.store.create(record, [...new Set(keys)]);
    if (stored.record.id !== session) {
      return { is: 'drop', reason: `session ${stored.record.id} records this leg`, sessionId: stored.record.id };
    }
  }
  let verdict: Verdict = go;
  await commit(context.store, session, (before) => {
    verdict = go;
    let record = before;
    const addKeys: string[] = [];
    for (const op of ops) {
      const change = applyOp(context, record, op);
      if ('is' in change) verdict = change;
      else {
        record = change.record;
        addKeys.push(...change.addKeys);
      }
    }
    return { record, addKeys };
  });
  return verdict;
}

function newRecord(context: SaveContext, op: CreateOp): SessionRecord {
  return createSession(
    {
      id: op.session,
      provider: context.provider,
      deployment: context.deployment,
      tenant: context.tenant,
      call: op.call,
      output: op.output,
      idempotencyKey: nthStartKey(op.call, op.ordinal),
      maxDurationMs: op.maxDurationMs,
      labels: op.labels,
      consent: op.consent,
      ...(op.providerOptions ? { providerOptions: op.providerOptions } : { pauseEffect: 'silence' as const }),
      archive: context.archive,
      commandId: op.command,
      token: derivedId('token', op.command),
    },
    op.at,
  );
}

type Step = { readonly record: SessionRecord; readonly addKeys: readonly string[] } | Verdict;

function applyOp(context: SaveContext, record: SessionRecord, op: RecordOp): Step {
  switch (op.op) {
    case 'create':
      return { record, addKeys: [] };
    case 'send':
      return send(context, record, op);
    case 'unsend':
      return { record: unsend(record, op.command, op.at), addKeys: [] };
    case 'refuse':
      return { record: refuseCommand(record, op.command, op, op.at), addKeys: [] };
    case 'seen':
      return addReports(record, seenReports(op, record), op.at);
  }
}

function send({ landing }: SaveContext, before: SessionRecord, op: SendOp): Step {
  let record = before;
  const known = record.commands.find(({ id }) => id === op.command);
  // Whoever asked for it was told so; late, it would only silence what follows.
  const givenUp = known?.timedOutAt !== undefined && op.kind === 'pause';
  if (givenUp) return { is: 'drop', reason: `it was given up at ${known.timedOutAt}` };
  if (!known) {
    if (op.kind === 'start') return { is: 'drop', reason: 'its start was never recorded' };
    try {
      const { kind, purpose, maxMs, command } = op;
      const recorded = recordCommand(
        record,
        { kind, purpose, maxMs, commandId: command, token: derivedId('token', command) },
        op.at,
      );
      if (recorded.kind === 'busy') return { is: 'wait' };
      if (recorded.kind === 'already') return { is: 'drop', reason: `the session is ${recorded.state} already` };
      record = recorded.record;
    } catch (error) {
      if (OnRecordError.is(error, 'invalid-state')) return { is: 'drop', reason: error.message };
      throw error;
    }
  }
  const report = sentReport(op, record, landing);
  return acceptCommand(
    patient(markSent(record, op.command, op.at), op),
    op.command,
    { kind: 'accepted', reports: report ? [report] : [] },
    op.at,
  );
}

/** What is told of when it is over is waited for until then. */
function patient(record: SessionRecord, { command, confirmWithinMs }: SendOp): SessionRecord {
  if (confirmWithinMs === undefined) return record;
  const commands = record.commands.map((own) => (own.id === command ? { ...own, confirmWithinMs } : own));
  return { ...record, commands };
}

function unsend(record: SessionRecord, commandId: string, at: number): SessionRecord {
  const commands = record.commands.map((command) => {
    if (command.id !== commandId) return command;
    const { acceptedAt: _, ...rest } = command;
    return rest;
  });
  return refold({ ...record, commands }, record, at);
}
