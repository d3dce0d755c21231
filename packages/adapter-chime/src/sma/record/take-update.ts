import { type Announcement, type ErrorCode, OnRecordError, type Output, type SessionRecord } from '@onrecord/core';
import { type AnnounceOptions, announceAction } from '../announce-action.ts';
import { participantOf } from '../event/read-event.ts';
import type { EventContext } from '../flow/outcome.ts';
import type { UpdateRequest } from '../flow/update-request.ts';
import { interruptAction, recordAudioAction } from '../message/message-actions.ts';
import { messageOf, outputOf } from '../message/message-options.ts';
import { smaOutputs } from '../outputs.ts';
import { type Landing, recordingAction, startAction } from '../record-actions.ts';
import type { Item, OwnCommand } from '../turn/item.ts';
import { type LegSession, legOf, type TurnState, withDone, withLeg } from '../turn/state.ts';
import type { RecordOp } from './op.ts';

/** What a command of another process comes to. */
export interface Update {
  readonly state: TurnState;
  readonly items: readonly Item[];
  readonly ops: readonly RecordOp[];
}

export interface UpdateOptions {
  readonly landing: Landing;
  readonly announce: AnnounceOptions;
  /** The session, or undefined where the store was late: then the request is taken at its word. */
  readonly record: SessionRecord | undefined;
}

/**
 * Executes a command that another process recorded, at most once. A pause or start that was given up meanwhile is left
 * alone: whoever asked has been told that it did not happen. A stop and a resume are done even late; a resume never
 * while the flow is in a secure section, since the digits would be recorded.
 */
export function takeUpdate(
  context: EventContext,
  before: TurnState,
  request: UpdateRequest,
  options: UpdateOptions,
): Update {
  const state = withDone(before, [request.onrecord]);
  const participant = participantOf(context.event, request.call);
  const reject = (reason: string, code: ErrorCode = 'invalid-state'): Update => {
    const { onrecord: command, op, session } = request;
    context.logger.warn({ command, op, sessionId: session, reason }, 'sma: a command of another process was refused');
    if (session === undefined || !options.record) return { state, items: [], ops: [] };
    const message = `Not done: ${reason}.`;
    const refusal: RecordOp = {
      op: 'refuse',
      session,
      command,
      code,
      message,
      sequence: context.event.Sequence,
      at: context.now,
    };
    return { state, items: [], ops: [refusal] };
  };
  if (!participant) return reject('the call has no such leg');
  const leg = participant.CallId;
  if (request.op === 'announce') return takeAnnouncement(request, leg, state, options, reject);
  const { record } = options;
  const problem = record && problemOf(record, request, leg);
  if (problem) return problem === 'done' ? { state, items: [], ops: [] } : reject(problem);
  const session = request.session!;
  const own: OwnCommand = { kind: request.op, session, command: request.onrecord, leg };
  const { sessions } = legOf(state, leg);
  const found = sessions.find(({ id }) => id === session);
  if (found && found.is !== 'open') {
    return request.op === 'stop' ? { state, items: [], ops: [] } : reject(`session ${session} is over`);
  }
  if (request.op === 'start') return takeStart(request, own, state, options, reject);
  if (request.op === 'resume' && collects(state, session, context.now)) {
    return reject('a secure section of the call is open, and what is said in it must not be recorded');
  }
  const message = found?.message ?? record?.providerOptions?.['message'] !== undefined;
  if (message && request.op !== 'stop') return reject('a message cannot be paused or resumed', 'unsupported');
  const next = found ? state : withOpen(state, own, '', message);
  const action = message ? interruptAction(leg) : recordingAction(request.op, leg);
  return { state: next, items: [{ action, own }], ops: [] };
}

/** Whether the flow is in a secure section of the session, or waits for it to begin. Past its limit anybody may end it. */
function collects({ secure }: TurnState, session: string, now: number): boolean {
  return secure.some((section) => section.session === session && (section.until === undefined || section.until > now));
}

type Reject = (reason: string, code?: ErrorCode) => Update;

function takeStart(
  request: UpdateRequest,
  own: OwnCommand,
  state: TurnState,
  { record, landing }: UpdateOptions,
  reject: Reject,
): Update {
  const { session, leg } = own;
  try {
    const message = messageOf(record ? record.providerOptions : optionsIn(request));
    const sessions = legOf(state, leg).sessions.filter((other) => (other.message ?? false) === (message !== undefined));
    // A leg is recorded once, and speaks one message at a time.
    const other = sessions.find(({ id, is }) => id !== session && (message ? is === 'open' : is !== 'void'));
    if (other) return reject(`session ${other.id} has the ${message ? 'message' : 'one recording'} of this leg`);
    const output = message ? outputOf(message) : (record?.output ?? outputNamed(request.output));
    if (!output) return reject(`it cannot be recorded as ${request.output}`);
    const next = sessions.some(({ id }) => id === session)
      ? state
      : withOpen(state, own, own.command, message !== undefined);
    const action = message
      ? recordAudioAction(leg, message, landing, session)
      : startAction(leg, output, landing, session);
    return { state: next, items: [{ action, own }], ops: [] };
  } catch (error) {
    return reject(OnRecordError.is(error) ? error.message : 'the options are not readable', 'invalid-request');
  }
}

function optionsIn({ message }: UpdateRequest): object | undefined {
  return message === undefined ? undefined : { message: JSON.parse(message) as unknown };
}

function withOpen(state: TurnState, { session, leg }: OwnCommand, command: string, message: boolean): TurnState {
  const begun: LegSession = { id: session, is: 'open', command, ...(message ? { message: true } : {}) };
  return withLeg(state, leg, { sessions: [...legOf(state, leg).sessions, begun] });
}

function takeAnnouncement(
  { onrecord, announcement }: UpdateRequest,
  leg: string,
  state: TurnState,
  options: UpdateOptions,
  reject: Reject,
): Update {
  try {
    const action = announceAction(JSON.parse(announcement ?? '') as Announcement, leg, options.announce);
    return { state, items: [{ action, own: { kind: 'announce', announcement: onrecord, leg } }], ops: [] };
  } catch (error) {
    return reject(OnRecordError.is(error) ? error.message : 'the announcement is not readable');
  }
}

/** Why the record speaks against the command; `done` when it is pointless. */
function problemOf(record: SessionRecord, { onrecord, op }: UpdateRequest, leg: string): string | 'done' | undefined {
  const command = record.commands.find(({ id }) => id === onrecord);
  if (command?.sends !== op) return `session ${record.id} has no such ${op}`;
  if (record.call.data['callId'] !== leg) return `session ${record.id} is of another leg`;
  const outcome = record.snapshot.commands.find(({ id }) => id === onrecord);
  if (outcome?.state === 'confirmed' || outcome?.state === 'refused') return 'done';
  const givenUp = command.timedOutAt !== undefined && (op === 'start' || op === 'pause');
  return givenUp ? `the ${op} was given up at ${command.timedOutAt}` : undefined;
}

function outputNamed(name: string | undefined): Output | undefined {
  return smaOutputs.find(({ media, layout, container }) => `${media}/${layout}/${container}` === name);
}
