import type { CallNotice } from '@onrecord/core';
import { callIdOf } from '../event/read-event.ts';
import type { RecordOp } from '../record/op.ts';
import { commandOf, type Item } from '../turn/item.ts';
import { legOf, withLeg } from '../turn/state.ts';
import { untoldNotice } from './notice.ts';
import { add, type EventContext, type Outcome } from './outcome.ts';
import { giveUp } from './take-reports.ts';

/**
 * What the end of a leg means: its recording is over, and nothing that addresses it runs any more. Whether an action
 * that was running on it is still reported is not documented, so it is not waited for.
 */
export function endLegs(context: EventContext, before: Outcome, ended: readonly CallNotice[]): Outcome {
  let outcome = before;
  for (const { call } of ended) outcome = endLeg(context, outcome, String(call.data['callId']));
  return outcome;
}

function endLeg(context: EventContext, before: Outcome, callId: string): Outcome {
  const { event, now } = context;
  const here = (item: Item) => callIdOf(event, item.action) === callId;
  const lists = before.state;
  const neverSent = new Set(lists.queue.flatMap((item) => commandOf(item)?.command ?? []));
  const running = lists.running.filter((item) => !here(item));
  const cut = lists.cut.filter((item) => !here(item));
  const queue = lists.queue.filter((item) => !here(item));
  let outcome: Outcome = {
    ...before,
    state: {
      ...lists,
      running,
      cut: running.length === 0 ? [] : cut,
      queue: running.length === 0 ? [...cut, ...queue] : queue,
    },
  };
  for (const item of [...lists.running, ...lists.cut].filter(here)) {
    if (item.own?.kind === 'announce') outcome = giveUp(context, outcome, item, 'the leg hung up');
  }
  for (const item of lists.queue.filter(here)) outcome = giveUp(context, outcome, item, 'the leg hung up before it');
  for (const { leg, until, command, session } of outcome.state.secure) {
    if (leg !== callId || until !== undefined || neverSent.has(command)) continue;
    const untold = { type: 'secure.refused', id: command, session, leg, reason: 'the leg hung up' } as const;
    outcome = add(outcome, { notices: untoldNotice(context, untold) });
  }
  const ops: RecordOp[] = legOf(outcome.state, callId).sessions.flatMap(({ id, is, command }) =>
    is === 'open' && !neverSent.has(command)
      ? [{ op: 'seen', what: 'ended', session: id, command: '', sequence: event.Sequence, at: now }]
      : [],
  );
  const sessions = legOf(outcome.state, callId).sessions.map((session) =>
    session.is === 'open' ? { ...session, is: 'over' as const } : session,
  );
  const state = withLeg(outcome.state, callId, { sessions });
  return add(outcome, { state: { ...state, secure: state.secure.filter(({ leg }) => leg !== callId) }, ops });
}
