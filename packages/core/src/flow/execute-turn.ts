import type { CallNotice } from '../call/call-notice.ts';
import { timestamp } from '../clock.ts';
import { createSession } from '../engine/create-session.ts';
import { derivedId } from '../engine/ids.ts';
import { type CommandRequest, inFlight } from '../engine/record-command.ts';
import { OnRecordError } from '../errors/index.ts';
import { announce } from '../recorder/announce.ts';
import { announcementFailed } from '../recorder/call-announcements.ts';
import { nthStartIndex, nthStartKey } from '../recorder/call-sessions.ts';
import type { RecorderContext } from '../recorder/recorder-context.ts';
import { executeRecorded, sendCommand } from '../recorder/send-command.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { NoticeJournal } from './notice-journal.ts';
import type { TurnCommand } from './turn-command.ts';

/** How long a durable secure section may be looked up after it began. */
const keptMs = 7 * 24 * 3_600_000;

export interface TurnExecution {
  readonly context: RecorderContext;
  readonly journal: NoticeJournal;
  /** What the turn answered. */
  readonly notice: CallNotice;
  /** Takes the notices of commands that were left waiting. */
  readonly later: (notices: readonly CallNotice[]) => Promise<void>;
}

type SessionVerb = Exclude<TurnCommand, { readonly verb: 'announce' | 'start' }>;

/**
 * Carries out what a turn collected, in order and each command once, whichever process begins and whichever ends it.
 * Nothing is waited for but the provider taking each command. Failures are in the records, or come back as notices.
 */
export async function executeTurn(
  execution: TurnExecution,
  commands: readonly TurnCommand[],
): Promise<readonly CallNotice[]> {
  const { context, journal, notice } = execution;
  const following: CallNotice[] = [];
  /** Sessions with a command that waits for another one to finish, and the end of that queue. */
  const behind = new Map<string, Promise<unknown>>();
  for (const [index, command] of commands.entries()) {
    const id = derivedId('turn', context.instance, notice.noticeId, String(index));
    if (command.verb === 'announce') {
      const failed = await journal.once(`${index}`, () => playOnce(context, notice, command));
      if (typeof failed === 'string') following.push(announcementFailed(notice.call, command.announcementId, failed));
    } else if (command.verb === 'start') {
      await startOnce(context, command, id);
    } else {
      following.push(...(await sendOrQueue(execution, command, id, behind)));
    }
  }
  return following;
}

/** Why it was not played, or true. */
async function playOnce(
  context: RecorderContext,
  notice: CallNotice,
  { announcement, announcementId }: Extract<TurnCommand, { readonly verb: 'announce' }>,
): Promise<string | true> {
  try {
    await announce(context, notice.call, announcement, { announcementId });
    return true;
  } catch (error) {
    context.logger.warn({ err: error, announcementId }, 'flow: an announcement was not played');
    return error instanceof Error ? error.message : String(error);
  }
}

async function startOnce(
  context: RecorderContext,
  { sessionId, ordinal, start }: Extract<TurnCommand, { readonly verb: 'start' }>,
  commandId: string,
): Promise<void> {
  const { store, clock, logger, archive, deployment, emulate, instance } = context;
  const session = createSession(
    {
      ...start,
      id: sessionId,
      provider: instance,
      deployment,
      emulate,
      archive,
      idempotencyKey: nthStartKey(start.call, ordinal),
      commandId,
      token: derivedId('token', commandId),
    },
    clock.now(),
  );
  const { record } = await store.create(session, [nthStartIndex(undefined, start.call, ordinal)]);
  if (record.id !== sessionId) {
    logger.warn({ sessionId, otherSessionId: record.id }, 'flow: the call was started by something else meanwhile');
    return;
  }
  context.touch(sessionId);
  const command = record.commands[0];
  // Sent already: the worker repeats it if its answer was lost with a process.
  if (!command || command.firstSentAt !== undefined) return;
  try {
    await executeRecorded(context, record, command);
  } catch (error) {
    logger.warn({ err: error, sessionId }, 'flow: a start was refused');
  }
}

const requests: { readonly [V in SessionVerb['verb']]: Pick<CommandRequest, 'kind' | 'purpose'> } = {
  pause: { kind: 'pause' },
  resume: { kind: 'resume' },
  stop: { kind: 'stop' },
  secure: { kind: 'pause', purpose: 'secure' },
  endSecure: { kind: 'resume', purpose: 'secure' },
};

/** Sends now, or, behind a command in flight, as soon as that one is settled: the turn does not wait for it. */
async function sendOrQueue(
  execution: TurnExecution,
  command: SessionVerb,
  commandId: string,
  behind: Map<string, Promise<unknown>>,
): Promise<readonly CallNotice[]> {
  const { context, later } = execution;
  const { sessionId, verb } = command;
  const record = await context.store.load(sessionId);
  const queue = behind.get(sessionId);
  if (verb !== 'stop' && (queue || (record && inFlight(record)))) {
    const queued = (queue ?? Promise.resolve()).then(() => sendOnce(execution, command, commandId));
    behind.set(sessionId, queued);
    context.background(queued.then(later));
    return [];
  }
  return sendOnce(execution, command, commandId);
}

async function sendOnce(
  { context, notice }: TurnExecution,
  command: SessionVerb,
  commandId: string,
): Promise<readonly CallNotice[]> {
  const { store, clock, logger } = context;
  const { sessionId, verb } = command;
  const secure = (type: 'secure.entered' | 'secure.refused', reason?: string): readonly CallNotice[] => [
    { type, noticeId: `${commandId}/${type}`, call: notice.call, sessionId, ...(reason ? { reason } : {}) },
  ];
  const known = (await store.load(sessionId))?.commands.find(({ id }) => id === commandId);
  if (known) return [];
  if (verb === 'secure') {
    await store.remember(
      `secure-turn/${sessionId}/${commandId}`,
      true,
      timestamp(clock.now() + command.maxMs + keptMs),
    );
  }
  try {
    const sent = await sendCommand(
      context,
      sessionId,
      { ...requests[verb], commandId, ...(verb === 'secure' ? { maxMs: command.maxMs } : {}) },
      { until: 'accepted' },
    );
    return verb === 'secure' && !sent.command ? secure('secure.entered') : [];
  } catch (error) {
    logger.warn({ err: error, sessionId, verb }, 'flow: a command was refused');
    // Once recorded, its refusal is an event of the session; before that only this turn knows.
    const recorded = (await store.load(sessionId))?.commands.some(({ id }) => id === commandId);
    if (verb !== 'secure' || recorded || !OnRecordError.is(error)) return [];
    return secure('secure.refused', error.message);
  }
}

/** Whether the secure section of this command was opened by a turn: only then the flow gets its notices. */
export async function openedByTurn(store: SessionStore, sessionId: string, commandId: string): Promise<boolean> {
  return (await store.recall(`secure-turn/${sessionId}/${commandId}`)) === true;
}
