import { timestamp } from '../clock.ts';
import type { Command, CommandKind } from '../commands/command.ts';
import { OnRecordError } from '../errors/index.ts';
import { pauseHolds } from '../fold/pause-holds.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { newId } from './ids.ts';
import { refold } from './refold.ts';

export interface CommandRequest {
  readonly kind: Exclude<CommandKind, 'start'>;
  readonly commandId?: string | undefined;
  readonly token?: string | undefined;
  readonly purpose?: 'secure' | undefined;
  readonly maxMs?: number | undefined;
}

/** The command that was recorded, or why none was needed, or which one must finish first. */
export type Recorded =
  | { readonly kind: 'recorded'; readonly record: SessionRecord; readonly command: Command }
  | { readonly kind: 'already'; readonly state: SessionRecord['snapshot']['state'] }
  | { readonly kind: 'busy'; readonly inFlight: Command };

/** The command in flight on a part: recorded or accepted, and neither confirmed, refused nor given up. */
export function inFlight(record: SessionRecord): Command | undefined {
  const open = record.snapshot.commands.find(({ state }) => state === 'recorded' || state === 'accepted');
  return open && record.commands.find(({ id }) => id === open.id);
}

/**
 * Records a command without sending it. One command is in flight at a time, `stop` and `discard` excepted: otherwise a
 * read-back proves nothing.
 * @throws OnRecordError `invalid-state` when the session is past the point where the command means anything.
 */
export function recordCommand(record: SessionRecord, request: CommandRequest, nowMs: number): Recorded {
  const { state } = record.snapshot;
  const { kind } = request;
  const over = state === 'processing' || state === 'completed' || state === 'failed';
  if (kind === 'stop' || kind === 'discard') {
    if (over || openCommand(record, kind)) return { kind: 'already', state };
  } else {
    if (over || state === 'stopping') {
      throw new OnRecordError('invalid-state', `Cannot ${kind} session ${record.id}: it is ${state}.`, {
        context: { sessionId: record.id, state },
      });
    }
    const open = inFlight(record);
    if (open) return { kind: 'busy', inFlight: open };
    // Paused as far as is confirmed is not enough: a resume that was given up may still take effect.
    if (kind === 'pause' && pauseHolds(record.snapshot)) return { kind: 'already', state };
    if (kind === 'resume' && state === 'recording') return { kind: 'already', state };
  }
  return append(record, request, nowMs);
}

function openCommand(record: SessionRecord, kind: CommandKind): boolean {
  return record.snapshot.commands.some(
    (outcome) => outcome.kind === kind && (outcome.state === 'recorded' || outcome.state === 'accepted'),
  );
}

function append(record: SessionRecord, request: CommandRequest, nowMs: number): Recorded {
  const now = timestamp(nowMs);
  const segments = record.emulate.includes('pause-by-segments');
  const last = record.parts.at(-1)!;
  let parts = record.parts;
  let expectations = record.expectations;
  let target: PartRecord = last;
  let sends: CommandKind = request.kind;
  if (segments && request.kind === 'pause') sends = 'stop';
  if (segments && request.kind === 'resume') sends = 'start';
  const over = record.snapshot.parts.some(
    ({ id, state }) => id === last.id && (state === 'ended' || state === 'failed'),
  );
  // A part whose start was given up may still come alive: it is started again, so that no second one runs beside it.
  const again = sends === 'start' && !over ? startOf(record, last) : undefined;
  if (sends === 'start' && !again) {
    const ordinal = last.ordinal + 1;
    target = { id: `p${ordinal}`, ordinal, kind: 'segment', call: record.call, keys: [], createdAt: now };
    parts = [...record.parts, target];
    expectations = [...expectations, { partId: target.id, call: record.call, state: 'expected' }];
  }
  const command: Command = {
    id: request.commandId ?? newId(),
    ordinal: (record.commands.at(-1)?.ordinal ?? 0) + 1,
    kind: request.kind,
    sends,
    partId: target.id,
    recordedAt: now,
    token: request.token ?? again?.token ?? newId(),
    ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
    ...(request.maxMs === undefined ? {} : { maxMs: request.maxMs }),
  };
  const next = refold({ ...record, parts, expectations, commands: [...record.commands, command] }, record, nowMs);
  return { kind: 'recorded', record: next, command };
}

function startOf(record: SessionRecord, part: PartRecord): Command | undefined {
  return record.commands.find(({ partId, sends }) => partId === part.id && sends === 'start');
}
