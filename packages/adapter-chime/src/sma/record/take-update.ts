import { type Announcement, OnRecordError, type Output, type SessionRecord } from '@onrecord/core';
import { type AnnounceOptions, announceAction } from '../announce-action.ts';
import { participantOf } from '../event/read-event.ts';
import type { EventContext } from '../flow/outcome.ts';
import type { UpdateRequest } from '../flow/update-request.ts';
import { smaOutputs } from '../outputs.ts';

import { type Landing, recordingAction, startAction } from '../record-actions.ts';
import type { Item } from '../turn/item.ts';
import { legOf, type TurnState, withDone, withLeg } from '../turn/state.ts';
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
 * alone: whoever asked has been told that it did not happen. A stop and a resume are done even late.
 */
export function takeUpdate(
  context: EventContext,
  before: TurnState,
  request: UpdateRequest,
  options: UpdateOptions,
): Update {
  const state = withDone(before, [request.onrecord]);
  const participant = participantOf(context.event, request.call);
  const reject = (reason: string): Update => {
    const { onrecord: command, op, session } = request;
    context.logger.warn({ command, op, sessionId: session, reason }, 'sma: a command of another process was refused');
    if (session === undefined || !options.record) return { state, items: [], ops: [] };
    const message = `Not done: ${reason}.`;
    const refusal: RecordOp = {
      op: 'refuse',
      session,
      command,
      code: 'invalid-state',
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
  const own = { kind: request.op, session, command: request.onrecord, leg } as const;
  const { sessions } = legOf(state, leg);
  const found = sessions.find(({ id }) => id === session);
  const known = found !== undefined;
  if (found && found.is !== 'open') {
    return request.op === 'stop' ? { state, items: [], ops: [] } : reject(`session ${session} is over`);
  }
  if (request.op === 'start') {
    const other = sessions.find(({ id, is }) => id !== session && is !== 'void');
    if (other) return reject(`session ${other.id} has the one recording of this leg`);
    const output = record?.output ?? outputNamed(request.output);
    if (!output) return reject(`it cannot be recorded as ${request.output}`);
    const next = withLeg(state, leg, {
      sessions: known ? sessions : [...sessions, { id: session, is: 'open', command: own.command }],
    });
    return { state: next, items: [{ action: startAction(leg, output, options.landing, session), own }], ops: [] };
  }
  const next = known
    ? state
    : withLeg(state, leg, { sessions: [...sessions, { id: session, is: 'open', command: '' }] });
  return { state: next, items: [{ action: recordingAction(request.op, leg), own }], ops: [] };
}

function takeAnnouncement(
  { onrecord, announcement }: UpdateRequest,
  leg: string,
  state: TurnState,
  options: UpdateOptions,
  reject: (reason: string) => Update,
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
