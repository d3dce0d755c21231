import { createHash } from 'node:crypto';
import { type CallNotice, OnRecordError, type Parsed, type Report, timestamp } from '@onrecord/core';
import { isTyped, type TypedEvent, typedEvent } from './message.ts';

/** Problems of one message that are told one by one. */
const mostProblems = 10;

/** What one event says. */
export interface Told {
  readonly reports?: readonly Report[] | undefined;
  readonly calls?: readonly CallNotice[] | undefined;
  /** Correlations of parts to be asked about. */
  readonly ask?: readonly string[] | undefined;
}

export interface BatchReader {
  readonly nowMs: number;
  /**
   * Undefined for a type that is not for us.
   * @throws OnRecordError `invalid-request` for an event that lacks what its type requires.
   */
  read(event: TypedEvent): Told | undefined;
  /** Whose recording an event that makes no sense is about, as far as it can be told. */
  subjectOf(element: unknown): Report['subject'] | undefined;
}

/**
 * Reads a batch event by event, so that one that makes no sense loses none of the others. It is not passed over either:
 * its recording gets the anomaly `invalid-answer`, and the message is answered with 400 once the others are kept, so
 * that Event Grid dead-letters or repeats it. What a callback that is answered so comes to is not documented; the
 * others, if they come again, are duplicates.
 *
 * @throws OnRecordError `invalid-request` when there is nothing in the batch but what makes no sense.
 */
export function readBatch(elements: readonly unknown[], reader: BatchReader): Parsed {
  const reports: Report[] = [];
  const calls: CallNotice[] = [];
  const ask: string[] = [];
  let unhandled = 0;
  let senseless = 0;
  const malformed: { readonly error: OnRecordError; readonly element: unknown }[] = [];
  for (const element of elements) {
    // An error for each digit of a long body would take more memory than there is.
    if (malformed.length === mostProblems && !isTyped(element)) {
      senseless += 1;
      continue;
    }
    try {
      const told = reader.read(typedEvent(element));
      if (told === undefined) unhandled += 1;
      reports.push(...(told?.reports ?? []));
      calls.push(...(told?.calls ?? []));
      ask.push(...(told?.ask ?? []));
    } catch (error) {
      if (!OnRecordError.is(error, 'invalid-request')) throw error;
      senseless += 1;
      if (malformed.length < mostProblems) malformed.push({ error, element });
    }
  }
  const parsed = { reports, calls, unhandled, ...(ask.length > 0 ? { ask } : {}) };
  const [first] = malformed;
  if (!first) return parsed;
  if (reports.length + calls.length === 0) throw first.error;
  const subject = reader.subjectOf(first.element);
  const account = subject && anomalyReport(subject, senseless, first.error, reader.nowMs);
  return {
    ...parsed,
    reports: account ? [...reports, account] : reports,
    problems: malformed.map(({ error }) => error),
    response: { status: 400 },
  };
}

function anomalyReport(subject: Report['subject'], count: number, error: OnRecordError, nowMs: number): Report {
  const message = count > 1 ? `${error.message} So are ${count - 1} more in its message.` : error.message;
  const id = createHash('sha256')
    .update(JSON.stringify([subject, message]))
    .digest('base64url');
  return {
    reportId: `azure/malformed/${id}`,
    subject,
    seen: { anomaly: { code: 'invalid-answer', message } },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: timestamp(nowMs),
  };
}
