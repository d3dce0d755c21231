import { timestamp } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf, type Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { followingOf } from './following.ts';
import { derivedId } from './ids.ts';
import { heldBy, type Refusal, sendingOf } from './sending.ts';
import { acceptCommand, refuseCommand } from './settle-command.ts';

/** What became of the wish to send a command; `record` is what to save. */
export type Claim =
  /** Settled, given up, pointless by now, or in other hands: nothing is to be sent here. */
  | { readonly is: 'not-ours'; readonly record: SessionRecord }
  /** Something is being begun on its part that it must not overlap: to be claimed again, at the latest then (epoch ms). */
  | { readonly is: 'later'; readonly record: SessionRecord; readonly atMs: number }
  /** It is ours to send. `uncertain`: an earlier request may have been executed, and nobody knows. */
  | { readonly is: 'ours'; readonly record: SessionRecord; readonly command: Command; readonly uncertain: boolean };

export interface ClaimOptions {
  /** Whoever sends it: an id for this execution alone. */
  readonly by: string;
  readonly nowMs: number;
  readonly forMs: number;
  /** Commands travel in the answers of a function that may write them down late: what was sent is not known for sure. */
  readonly byTurns: boolean;
}

/**
 * Takes a command into one's hands before it is sent, for `forMs`. Everything that speaks against sending is decided
 * here, on the newest revision, before every single attempt.
 * @throws OnRecordError `not-found`.
 */
export function claimSending(
  record: SessionRecord,
  commandId: string,
  { by, nowMs, forMs, byTurns }: ClaimOptions,
): Claim {
  const command = record.commands.find(({ id }) => id === commandId);
  if (!command) {
    throw new OnRecordError('not-found', `Session ${record.id} has no command ${commandId}.`, {
      context: { sessionId: record.id },
    });
  }
  const held = sendingOf(command);
  const elsewhere = held && held.by !== by && held.until > timestamp(nowMs);
  if (elsewhere || !isUnsent(record, command)) return { is: 'not-ours', record };
  if (!byTurns) {
    if (isWithdrawn(record, command)) return { is: 'not-ours', record: withdraw(record, command, nowMs) };
    if (awaitsHandle(record, command)) return { is: 'not-ours', record: handOver(record, command, by, nowMs) };
  }
  const following = command.sends === 'start' ? undefined : followingOf(record, command.partId, nowMs);
  if (following) return { is: 'later', record, atMs: Date.parse(following.until) };
  const uncertain = command.answerLost === true || (command.firstSentAt !== undefined && held?.by !== by);
  const sent = heldBy({ ...command, firstSentAt: command.firstSentAt ?? timestamp(nowMs) }, by, nowMs + forMs);
  return { is: 'ours', record: replaceCommand(record, sent), command: sent, uncertain };
}

/** Keeps a command that is ours for another while; from then on anybody may send it. */
export function keepSending(
  record: SessionRecord,
  commandId: string,
  { by, untilMs, refusal }: { readonly by: string; readonly untilMs: number; readonly refusal?: Refusal | undefined },
): SessionRecord {
  const command = record.commands.find(({ id }) => id === commandId);
  const held = command && sendingOf(command);
  return command && held?.by === by ? replaceCommand(record, heldBy(command, by, untilMs, refusal)) : record;
}

/** Lets anybody send a command as soon as it can be sent; whoever learns the handle will. */
function handOver(record: SessionRecord, command: Command, by: string, nowMs: number): SessionRecord {
  const held = sendingOf(command);
  if (held && held.until <= timestamp(nowMs)) return record;
  return replaceCommand(record, heldBy(command, by, nowMs));
}

/** Whether a command is still to be sent: recorded, not given up, and not overtaken by what was asked for since. */
export function isUnsent(record: SessionRecord, command: Command): boolean {
  if (command.acceptedAt !== undefined || command.refused) return false;
  const outcome = record.snapshot.commands.find(({ id }) => id === command.id);
  const part = record.snapshot.parts.find(({ id }) => id === command.partId);
  if (!outcome || !part || part.state === 'ended' || part.state === 'failed') return false;
  if (outcome.state === 'timed-out') return command.kind === 'stop' || command.kind === 'discard';
  return outcome.state === 'recorded' && !isOvertaken(record, command);
}

/** A pause or resume sent after a later command would undo that one. */
function isOvertaken(record: SessionRecord, { sends, ordinal, partId }: Command): boolean {
  if (sends !== 'pause' && sends !== 'resume') return false;
  return record.commands.some((other) => other.partId === partId && other.ordinal > ordinal && !other.refused);
}

/** Whether nothing can address the part yet: its start is unanswered, and no event has brought the handle. */
export function awaitsHandle(record: SessionRecord, { sends, partId }: Command): boolean {
  if (sends === 'start' || record.parts.find(({ id }) => id === partId)?.handle !== undefined) return false;
  const start = startOf(record, partId);
  const outcome = record.snapshot.commands.find(({ id }) => id === start?.id);
  return start !== undefined && start.acceptedAt === undefined && outcome?.state !== 'confirmed';
}

function startOf(record: SessionRecord, partId: string): Command | undefined {
  return record.commands.find((command) => command.partId === partId && command.sends === 'start');
}

/** A start that nobody sent before its end was asked for, or that very end. */
function isWithdrawn(record: SessionRecord, command: Command): boolean {
  const start = startOf(record, command.partId);
  if (!start || start.firstSentAt !== undefined || start.acceptedAt !== undefined) return false;
  return record.commands.some(
    ({ partId, sends }) => partId === command.partId && (sends === 'stop' || sends === 'discard'),
  );
}

/** Nothing was begun, so there is nothing to end. */
function withdraw(record: SessionRecord, { partId }: Command, nowMs: number): SessionRecord {
  const start = startOf(record, partId);
  const end = record.commands.find(
    (other) => other.partId === partId && (other.sends === 'stop' || other.sends === 'discard'),
  );
  if (!start || !end) return record;
  const now = timestamp(nowMs);
  const over: Report = {
    reportId: derivedId('withdrawn', record.id, start.id),
    subject: { correlation: correlationOf(record.id, partId) },
    seen: { ended: true, endReason: 'never-started' },
    cause: { commandId: end.id },
    clock: { domain: 'ours', at: now },
    via: 'answer',
    receivedAt: now,
  };
  const refused = refuseCommand(
    record,
    start.id,
    { code: 'aborted', message: 'The end of the recording was asked for before its start was sent.' },
    nowMs,
  );
  return acceptCommand(refused, end.id, { kind: 'done', reports: [over] }, nowMs).record;
}

function replaceCommand(record: SessionRecord, command: Command): SessionRecord {
  return { ...record, commands: record.commands.map((other) => (other.id === command.id ? command : other)) };
}
