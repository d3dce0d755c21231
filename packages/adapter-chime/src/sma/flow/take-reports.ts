import { describeActionError } from '../action-error.ts';
import { callIdOf, participantOf } from '../event/read-event.ts';
import { messageEnd } from '../message/read-message.ts';
import type { OpBase, RecordOp, SeenOp } from '../record/op.ts';
import { answersLeg, commandOf, type Item, isMessage, itemsOf, type OwnCommand } from '../turn/item.ts';
import type { Settled } from '../turn/settle.ts';
import { type TurnState, withLeg, withSession } from '../turn/state.ts';
import { announcedNotice, secureNotice, untoldNotice } from './notice.ts';
import { add, type EventContext, type Outcome } from './outcome.ts';

/** Turns what an event said about our actions into changes of records, notices and the next state. */
export function takeReports(context: EventContext, before: TurnState, settled: Settled): Outcome {
  const lists = { cutKnown: undefined, ...settled.lists };
  let outcome: Outcome = { state: { ...before, ...lists }, ops: [], notices: [] };
  for (const item of settled.confirmed) outcome = confirm(context, outcome, item, item === settled.confirmed.at(-1));
  const { failed } = settled;
  if (failed) outcome = fail(context, outcome, failed);
  if (!failed?.item.own) return { ...outcome, state: requeue(outcome.state, settled.unrun) };
  for (const item of settled.unrun) outcome = giveUp(context, outcome, item, 'the action before it failed');
  return outcome;
}

function confirm(context: EventContext, outcome: Outcome, item: Item, reported: boolean): Outcome {
  let { state } = outcome;
  const leg = callIdOf(context.event, item.action);
  if (leg !== undefined && answersLeg(item)) state = withLeg(state, leg, { answered: true });
  if (item.own?.kind === 'announce') {
    return add(outcome, { state, notices: announcedNotice(context, item.own.announcement, item.own.leg) });
  }
  const own = commandOf(item);
  if (!own) return { ...outcome, state };
  const since =
    own.kind === 'start' ? { legSince: participantOf(context.event, own.leg)?.StartTimeInMilliseconds } : {};
  const op = isMessage(item)
    ? seen(context, own, { what: 'message', ...since, ...messageEnd(context.event, state.legs) })
    : seen(context, own, { what: own.kind, ...since, ...(reported ? { location: destination(context) } : {}) });
  if (own.kind === 'stop' || isMessage(item)) state = withSession(state, own.session, 'over');
  const secure = own.kind === 'pause' ? state.secure.find(({ command }) => command === own.command) : undefined;
  if (!secure) return add(outcome, { state, ops: [op] });
  const entered = { ...secure, until: context.now + secure.maxMs };
  const others = state.secure.filter((other) => other !== secure);
  return add(outcome, {
    state: { ...state, secure: [...others, entered] },
    ops: [op],
    notices: secureNotice(context, 'secure.entered', entered),
  });
}

/** `<bucket>/<key>`, which only the success of StartCallRecording carries: the key is known before the object exists. */
function destination({ event }: EventContext): string | undefined {
  const given = event.ActionData?.['CallRecordingDestination'] as { readonly Location?: unknown } | null | undefined;
  return typeof given?.Location === 'string' ? given.Location : undefined;
}

function fail(context: EventContext, outcome: Outcome, { item, error }: NonNullable<Settled['failed']>): Outcome {
  const own = commandOf(item);
  const reason = describeActionError(error);
  if (!own) return item.own ? giveUp(context, outcome, item, reason) : outcome;
  context.logger.warn({ sessionId: own.session, commandId: own.command, reason }, 'sma: a recording action failed');
  const failed = add(outcome, { ops: [seen(context, own, { what: 'failed', error })] });
  const queue = [...itemsOf(own.onFailure), ...failed.state.queue];
  return withoutCommand(context, { ...failed, state: { ...failed.state, queue } }, own, reason);
}

/** An action of ours that will not run. */
export function giveUp(context: EventContext, outcome: Outcome, item: Item, reason: string): Outcome {
  if (item.own?.kind === 'announce') {
    const { announcement: id, leg } = item.own;
    return add(outcome, { notices: untoldNotice(context, { type: 'call.announcement-failed', id, leg, reason }) });
  }
  const own = commandOf(item);
  if (!own) return outcome;
  context.logger.warn(
    { sessionId: own.session, commandId: own.command, reason },
    'sma: a recording action was given up',
  );
  const op: RecordOp = { ...base(context, own), op: 'refuse', code: 'invalid-state', message: `Not done: ${reason}.` };
  return withoutCommand(context, add(outcome, { ops: [op] }), own, reason);
}

function withoutCommand(context: EventContext, outcome: Outcome, own: OwnCommand, reason: string): Outcome {
  let { state } = outcome;
  if (own.kind === 'start') state = withSession(state, own.session, 'void');
  const secure = state.secure.find(({ command }) => command === own.command);
  if (!secure) return { ...outcome, state };
  const untold = { type: 'secure.refused', id: own.command, session: own.session, leg: own.leg, reason } as const;
  return add(outcome, {
    state: { ...state, secure: state.secure.filter((other) => other !== secure) },
    notices: untoldNotice(context, untold),
  });
}

function requeue(state: TurnState, items: readonly Item[]): TurnState {
  return items.length === 0 ? state : { ...state, queue: [...items, ...state.queue] };
}

function seen(context: EventContext, own: OwnCommand, what: Omit<SeenOp, keyof OpBase | 'op'>): RecordOp {
  return { ...base(context, own), op: 'seen', ...what };
}

export function base({ event, now }: EventContext, { session, command }: OwnCommand): OpBase {
  return { session, command, sequence: event.Sequence, at: now };
}
