import { messageMs } from '../message/read-message.ts';
import type { CreateOp, SendOp } from '../record/op.ts';
import type { RecordKeeper } from '../record/record-keeper.ts';
import type { Verdict } from '../record/save-ops.ts';
import { commandOf, type Item, isMessage, type OwnCommand } from '../turn/item.ts';
import { type Plan, type PlanOptions, planAnswer, type Wishes } from '../turn/plan-answer.ts';
import { legOf, type TurnState, type Untold, withLeg, withSession } from '../turn/state.ts';
import type { EventContext } from './outcome.ts';

export interface DecideOptions extends PlanOptions {
  readonly creates: readonly CreateOp[];
  readonly sendDetails: (commandId: string) => Pick<SendOp, 'purpose' | 'maxMs'>;
  /** Share of the answer's time that the store may take. */
  readonly share: number;
}

/** The answer's actions, and the state that goes with them. */
export interface Decision {
  readonly state: TurnState;
  readonly list: readonly Item[] | undefined;
}

/**
 * Plans the answer and writes down the command that leaves with it, before it leaves. A command that the record speaks
 * against is taken out, and the answer is planned anew.
 */
export async function decideAnswer(
  context: EventContext,
  keeper: RecordKeeper,
  before: TurnState,
  asked: Wishes,
  options: DecideOptions,
): Promise<Decision> {
  const aside: Item[] = [];
  let state = before;
  let wishes = asked;
  let creates = options.creates;
  for (;;) {
    const plan = planAnswer(state, wishes, options);
    const item = plan.list?.find(commandOf);
    const own = item && commandOf(item);
    const create = creates.filter(({ session }) => session === own?.session);
    creates = creates.filter((other) => !create.includes(other));
    const verdict: Verdict = own
      ? await keeper.saveOne(options.share, [...create, sendOp(context, item, own, plan, options)])
      : { is: 'go' };
    if (verdict.is === 'go' || !own) {
      await keeper.save(options.share, creates);
      return { state: planned(context, state, plan, aside), list: plan.list };
    }
    const without = (items: readonly Item[]) => items.filter((other) => other !== item);
    wishes = { ...wishes, own: without(wishes.own) };
    state = { ...state, queue: without(state.queue) };
    if (verdict.is === 'wait') aside.push(item);
    else state = dropped(context, state, own, verdict);
  }
}

function sendOp({ event, now }: EventContext, item: Item, own: OwnCommand, plan: Plan, options: DecideOptions): SendOp {
  const { session, command, kind } = own;
  return {
    op: 'send',
    session,
    command,
    kind,
    sequence: event.Sequence,
    at: now,
    ...options.sendDetails(command),
    ...(isMessage(item) ? { confirmWithinMs: messageMs(item.action) + overdueMs } : {}),
    ...(plan.blockedBy === undefined ? {} : { blockedBy: plan.blockedBy }),
  };
}

function dropped(
  context: EventContext,
  before: TurnState,
  own: OwnCommand,
  verdict: Verdict & { is: 'drop' },
): TurnState {
  const { reason, sessionId } = verdict;
  const { session, command, leg, kind } = own;
  context.logger.warn({ sessionId: session, commandId: command, kind, reason }, 'sma: a command was not sent');
  let state = before;
  if (kind === 'start') state = withSession(state, session, 'void');
  if (sessionId !== undefined) {
    state = withLeg(state, leg, {
      sessions: [...legOf(state, leg).sessions, { id: sessionId, is: 'open', command: '' }],
    });
  }
  if (!state.secure.some((other) => other.command === command)) return state;
  const untold: Untold = { type: 'secure.refused', id: command, session, leg, reason };
  return {
    ...state,
    secure: state.secure.filter((other) => other.command !== command),
    untold: [...state.untold, untold],
  };
}

function planned({ now }: EventContext, before: TurnState, plan: Plan, aside: readonly Item[]): TurnState {
  const untold = plan.lost.flatMap(({ own }): readonly Untold[] =>
    own?.kind === 'announce'
      ? [{ type: 'call.announcement-failed', id: own.announcement, leg: own.leg, reason: 'a command cut it off' }]
      : [],
  );
  return {
    ...before,
    cutKnown: undefined,
    ...plan.lists,
    queue: [...aside, ...plan.lists.queue],
    untold: [...before.untold, ...untold],
    ...(plan.list ? { since: now } : {}),
  };
}

/** Longest time that a list of ours is waited for; a report that is not there by then is taken for lost. */
const overdueMs = 180_000;

/** Whether the report of the running list should have come. A message may last as long as it was given. */
export function isOverdue({ running, since }: TurnState, now: number): boolean {
  const messages = running.reduce((sum, { action }) => sum + messageMs(action), 0);
  return since !== undefined && now - since > overdueMs + messages;
}
