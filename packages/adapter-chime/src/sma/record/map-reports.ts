import { correlationOf, type Report, type Seen, type SessionRecord, timestamp } from '@onrecord/core';
import { describeActionError, judgeActionError } from '../action-error.ts';
import type { ActionError } from '../event/read-event.ts';
import { type Landing, sessionPrefix } from '../record-actions.ts';
import { tracksOf } from '../tracks.ts';
import type { SeenOp, SendOp } from './op.ts';

/** Sessions of a leg have one part. */
const part = 'p1';

/** What an event of the call showed, as observations. SMA events carry no time: only their sequence orders them. */
export function seenReports(op: SeenOp, record: SessionRecord): readonly Report[] {
  if (op.what === 'message' || op.what === 'interrupted') return messageReports(op, record);
  return [report(op, record, op.what, { ...seenOf(op, record), ...unrecorded(op, record) })];
}

/**
 * A pause or resume that was carried out while the store was out of reach, and could not be recorded afterwards, because a
 * command of another process was in flight: when it was is in no record, so the pauses of the session lack it.
 */
function unrecorded({ what, command }: SeenOp, { commands }: SessionRecord): Pick<Seen, 'anomaly'> {
  if ((what !== 'pause' && what !== 'resume') || command === '' || commands.some(({ id }) => id === command)) return {};
  const message = `A ${what} was carried out that no command of the session stands for: its pauses are not complete.`;
  return { anomaly: { code: 'contradiction', message } };
}

/** A message is told of when it is over: that it was captured, from when it was sent, and how it ended. */
function messageReports(op: SeenOp, record: SessionRecord): readonly Report[] {
  const start = record.commands.find(({ sends }) => sends === 'start');
  const { sequence } = op;
  const begun = report({ ...op, command: start?.id ?? '' }, record, 'start', {
    capturing: true,
    handle: handleOf(op, record),
  });
  const since = start?.firstSentAt ?? record.createdAt;
  return [
    { ...begun, clock: { domain: 'ours', at: since, sequence } },
    report({ ...op, command: '' }, record, op.what, messageEnd(op, record)),
  ];
}

function messageEnd({ what, location, terminator, hungUp, asked }: SeenOp, record: SessionRecord): Seen {
  if (what === 'interrupted') return { ended: true, endReason: asked ? 'requested' : 'unknown' };
  const endReason = hungUp ? 'call-ended' : terminator === undefined ? 'limit-reached' : 'requested';
  const uri = `s3://${location}`;
  return {
    ended: true,
    endReason,
    // It was uploaded before its success is told.
    ...(location === undefined ? {} : { media: [{ ...expected(record), key: uri, uri, final: true }] }),
    ...(terminator === undefined ? {} : { facts: { terminator } }),
  };
}

/** What is known when a command leaves: where the file must turn up, and what a waiting command waits for. */
export function sentReport(op: SendOp, record: SessionRecord, landing: Landing): Report | undefined {
  const seen: Seen = {
    ...(op.kind === 'start' ? { expects: [{ ...expected(record), prefix: prefixOf(landing, record) }] } : {}),
    ...(op.blockedBy === undefined ? {} : { facts: { blockedBy: { command: op.command, action: op.blockedBy } } }),
  };
  return Object.keys(seen).length === 0 ? undefined : report(op, record, 'sent', seen);
}

/** Everything under it belongs to this session. Whether RecordAudio puts a slash behind its prefix is not documented. */
function prefixOf(landing: Landing, { id, providerOptions }: SessionRecord): string {
  return `s3://${landing.bucket}/${sessionPrefix(landing, id)}${providerOptions?.['message'] ? '' : '/'}`;
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
        handle: handleOf(op, record),
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
    case 'moved': {
      const { sipMediaApplicationId = '', region } = op.home ?? {};
      return { facts: { sipMediaApplicationId, ...(region === undefined ? {} : { region }) } };
    }
    case 'refused-answer':
      return { anomaly: { code: 'invalid-answer', message: refusedAnswer(op.error) } };
    default: {
      const error = op.error ?? { type: 'Unknown', message: '' };
      return { refused: { code: judgeActionError(error).code, message: describeActionError(error) } };
    }
  }
}

/** What names the leg, and when it began: the key of its file tells of all three. */
function handleOf({ legSince }: SeenOp, { call }: SessionRecord) {
  const { transactionId, callId } = call.data;
  // Some examples print seconds, or more digits than a time has.
  const since = /^\d{13}$/.test(legSince ?? '') ? { legStartedAt: timestamp(Number(legSince)) } : {};
  return { transactionId, callId, ...since };
}

function refusedAnswer(error: ActionError | undefined): string {
  const { type, message } = error ?? { type: 'Unknown', message: '' };
  return `The service refused an answer of the function, and nothing of it ran. ${type}: ${message}`;
}

function expected(record: SessionRecord) {
  return { role: 'master', container: 'wav', tracks: tracksOf(record.output, record.call.key) } as const;
}
