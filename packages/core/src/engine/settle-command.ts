import { timestamp } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import type { Outcome } from '../driver/driver.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { SessionRecord } from '../session/record.ts';
import { addReports, type Change } from './add-reports.ts';
import { refold } from './refold.ts';
import { letGo, sendingOf } from './sending.ts';

function replace(record: SessionRecord, commandId: string, change: (command: Command) => Command): SessionRecord {
  return {
    ...record,
    commands: record.commands.map((command) => (command.id === commandId ? change(command) : command)),
  };
}

/** Notes that the request is about to leave; the first time stands, so that every repetition is the same request. */
export function markSent(record: SessionRecord, commandId: string, nowMs: number): SessionRecord {
  const now = timestamp(nowMs);
  return replace(record, commandId, (command) => ({ ...command, firstSentAt: command.firstSentAt ?? now }));
}

/** Notes that the provider took the command, and what its answer showed. */
export function acceptCommand(record: SessionRecord, commandId: string, outcome: Outcome, nowMs: number): Change {
  const now = timestamp(nowMs);
  const partId = record.commands.find(({ id }) => id === commandId)?.partId;
  const accepted = replace(record, commandId, (command) => {
    const { answerLost: _, ...rest } = letGo(command);
    return { ...rest, acceptedAt: command.acceptedAt ?? now };
  });
  const parts = accepted.parts.map((part) =>
    part.id === partId
      ? {
          ...part,
          ...(outcome.handle === undefined ? {} : { handle: outcome.handle }),
          keys: [...new Set([...part.keys, ...(outcome.providerKeys ?? [])])],
        }
      : part,
  );
  const taken = { ...accepted, parts };
  const change = addReports(taken, outcome.reports ?? [], nowMs);
  return {
    // Adding reports has folded and published already; a second time would publish everything twice.
    record: change.record === taken ? refold(taken, record, nowMs) : change.record,
    addKeys: [...new Set([...change.addKeys, ...(outcome.providerKeys ?? [])])],
  };
}

/** Notes that the command was turned down: it did not happen. */
export function refuseCommand(
  record: SessionRecord,
  commandId: string,
  error: { readonly code: ErrorCode; readonly message: string },
  nowMs: number,
): SessionRecord {
  const refused = { code: error.code, message: error.message, at: timestamp(nowMs) };
  return refold(
    replace(record, commandId, (command) => ({ ...letGo(command), refused })),
    record,
    nowMs,
  );
}

/** Notes that the request left and no answer came: it may have been executed. */
export function loseAnswer(record: SessionRecord, commandId: string, nowMs: number): SessionRecord {
  return refold(
    replace(record, commandId, (command) => ({ ...command, answerLost: true })),
    record,
    nowMs,
  );
}

/**
 * Gives a command up at its deadline; a later proof still counts. A start that surely began nothing is refused by then:
 * its call can be started anew.
 */
export function timeOutCommand(record: SessionRecord, commandId: string, nowMs: number): SessionRecord {
  const given = record.commands.find(({ id }) => id === commandId);
  const refusal = given?.answerLost ? undefined : given && sendingOf(given)?.refusal;
  if (refusal) return refuseCommand(record, commandId, refusal, nowMs);
  const timedOutAt = timestamp(nowMs);
  return refold(
    replace(record, commandId, (command) => ({ ...command, timedOutAt })),
    record,
    nowMs,
  );
}
