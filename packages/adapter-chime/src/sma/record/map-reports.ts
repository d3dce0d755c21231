import { correlationOf, type Report, type Seen, type SessionRecord, timestamp } from '@onrecord/core';
import { describeActionError, judgeActionError } from '../action-error.ts';
import type { ActionError } from '../event/read-event.ts';
import { type Landing, sessionPrefix } from '../record-actions.ts';
import { tracksOf } from '../tracks.ts';
import type { SeenOp, SendOp } from './op.ts';

/** Sessions of a leg have one part. */
const part = 'p1';

/** What an event of the call showed, as an observation. SMA events carry no time: only their sequence orders them. */
export function seenReport(op: SeenOp, record: SessionRecord): Report {
  return report(op, record, op.what, seenOf(op, record));
}

/** What is known when a command leaves: where the file must turn up, and what a waiting command waits for. */
export function sentReport(op: SendOp, record: SessionRecord, landing: Landing): Report | undefined {
  const seen: Seen = {
    ...(op.kind === 'start' ? { expects: [{ ...expected(record), prefix: prefixUri(landing, record.id) }] } : {}),
    ...(op.blockedBy === undefined ? {} : { facts: { blockedBy: { command: op.command, action: op.blockedBy } } }),
  };
  return Object.keys(seen).length === 0 ? undefined : report(op, record, 'sent', seen);
}

/** Everything under it belongs to this session. */
export function prefixUri(landing: Landing, sessionId: string): string {
  return `s3://${landing.bucket}/${sessionPrefix(landing, sessionId)}/`;
}

function report(op: SeenOp | SendOp, record: SessionRecord, name: string, seen: Seen): Report {
  const transaction = record.call.data['transactionId'];
  const known = record.commands.some(({ id }) => id === op.command);
  return {
    reportId: `sma/${String(transaction)}/${op.sequence}/${name}/${op.command}`,
    subject: { correlation: correlationOf(record.id, part) },
    seen,
    cause: known ? { commandId: op.command } : { unattributed: true },
    clock: { domain: 'none', sequence: op.sequence },
    via: 'turn',
    receivedAt: timestamp(op.at),
  };
}

function seenOf(op: SeenOp, record: SessionRecord): Seen {
  switch (op.what) {
    case 'start':
      return {
        capturing: true,
        handle: { transactionId: record.call.data['transactionId'], callId: record.call.data['callId'] },
        providerKeys: [record.call.key],
        ...(op.location === undefined ? {} : { expects: [{ ...expected(record), uri: `s3://${op.location}` }] }),
      };
    case 'pause':
      return { capturing: false };
    case 'resume':
      return { capturing: true };
    case 'stop':
      return { capturing: false, ended: true, endReason: 'requested' };
    case 'ended':
      return { capturing: false, ended: true, endReason: 'call-ended' };
    case 'refused-answer':
      return { anomaly: { code: 'invalid-answer', message: refusedAnswer(op.error) } };
    case 'failed': {
      const error = op.error ?? { type: 'Unknown', message: '' };
      return { refused: { code: judgeActionError(error).code, message: describeActionError(error) } };
    }
  }
}

function refusedAnswer(error: ActionError | undefined): string {
  const { type, message } = error ?? { type: 'Unknown', message: '' };
  return `The service refused an answer of the function, and nothing of it ran. ${type}: ${message}`;
}

function expected(record: SessionRecord) {
  return { role: 'master', container: 'wav', tracks: tracksOf(record.output, record.call.key) } as const;
}
