import { anybodyThere, eventType, readEvent } from '../event/read-event.ts';
import type { SmaAction, SmaEvent, SmaResponse } from '../event/sma-event.ts';
import type { SmaHost } from '../host.ts';
import { RecordKeeper } from '../record/record-keeper.ts';
import { answerBeforeStart } from '../turn/answer-leg.ts';
import { Budget } from '../turn/budget.ts';
import { answersLeg, commandOf, type Item, itemsOf } from '../turn/item.ts';
import type { Wishes } from '../turn/plan-answer.ts';
import { legOf, type TurnState } from '../turn/state.ts';
import { askIvr, isForIvr, tellFlow } from './ask-workflow.ts';
import { TurnCollector } from './collect-turn.ts';
import { decideAnswer, overdueMs } from './decide-answer.ts';
import { finish, repeat } from './finish-turn.ts';
import type { IvrAnswer } from './ivr.ts';
import { dropLost, loadState } from './load-turn.ts';
import { observe } from './observe.ts';
import type { EventContext, Outcome } from './outcome.ts';
import { giveUp } from './take-reports.ts';
import { takeUpdate, type Update } from './take-update.ts';
import { readUpdate } from './update-request.ts';

/** Shares of the time for an answer, at the end of which a step is not waited for any longer. */
const share = { load: 0.25, report: 0.4, flow: 0.6, update: 0.7, ivr: 0.8, command: 0.92, journal: 1 } as const;

/** Answers one invocation: observes, asks the workflow, decides, writes down, answers. */
export async function answerEvent(host: SmaHost, raw: SmaEvent): Promise<SmaResponse> {
  const event = readEvent(raw);
  const budget = new Budget(host.clock, host.answerWithinMs);
  const { journal, logger, provider } = host;
  const { TransactionId: transactionId } = event.CallDetails;
  const recall = (sequence: number) => budget.within(share.load, () => journal.recall(transactionId, sequence));
  const [known, loaded] = await Promise.all([recall(event.Sequence), loadState(journal, event, recall)]);
  if ('value' in known && known.value) {
    return repeat(host, event, known.value, (work) => budget.within(share.ivr, work));
  }
  const now = host.clock.now();
  const context: EventContext = { event, provider, logger, now };
  const { state, lost } = dropLost(host.tokens, loaded);
  const observed = observe(context, state);
  const keeper = new RecordKeeper(host, budget, logger);
  const reporting = keeper.save(share.report, [...state.pending, ...observed.ops]);
  const collector = new TurnCollector({ ...host, transactionId, sequence: event.Sequence, now }, observed.state);
  await tellFlow(host, collector, event, observed.notices, (work) => budget.within(share.flow, work));
  const update = await outsideCommand(host, context, budget, collector.state);
  if (update) collector.state = update.state;
  const running = observed.state.running.flatMap(({ action, own }) =>
    own ? [] : [host.tokens.unseal(action) ?? action],
  );
  const given = isForIvr(host, event, observed, update !== undefined, lost.length > 0)
    ? await askIvr(host, collector, event, { notices: observed.notices, cutOff: update ? running : [], lost }, (work) =>
        budget.within(share.ivr, work),
      )
    : {};
  collector.close();
  await reporting;
  const wishes = wishesOf(host, [...(update?.items ?? []), ...collector.own], given);
  const answered = answerBeforeStart(wishes, unanswered(collector.state), host.answerWith);
  const refused = answered.refused.reduce<Outcome>(
    (outcome, item) => giveUp(context, outcome, item, 'nothing answers the leg; set answerWith'),
    { state: collector.state, ops: [], notices: [] },
  );
  const decision = await decideAnswer(context, keeper, refused.state, answered.wishes, {
    answerable: isAnswerable(event),
    onCutOff: host.onCutOff,
    overdue: now - (refused.state.since ?? now) > overdueMs,
    creates: collector.creates,
    sendDetails: (commandId) => collector.sendDetails(commandId),
    share: share.command,
  });
  await keeper.save(share.command, [...(update?.ops ?? []), ...refused.ops]);
  const after: TurnState = { ...decision.state, sequence: event.Sequence, pending: keeper.late, partial: undefined };
  return finish(host, event, { state: after, list: decision.list, attributes: given.attributes, now }, (work) =>
    budget.within(share.journal, work),
  );
}

/** A command that another process sent through UpdateSipMediaApplicationCall; undefined when the event has none. */
async function outsideCommand(
  host: SmaHost,
  context: EventContext,
  budget: Budget,
  state: TurnState,
): Promise<Update | undefined> {
  const { event, now, logger } = context;
  const request = eventType(event) === 'CALL_UPDATE_REQUESTED' ? readUpdate(event) : undefined;
  if (!request) return undefined;
  const { onrecord: command, session } = request;
  const nothing: Update = { state, items: [], ops: [] };
  if (state.done.includes(command)) return nothing;
  const { TransactionId: transactionId } = event.CallDetails;
  const [claimed, loaded] = await Promise.all([
    budget.within(share.update, () => host.journal.claim(transactionId, command, event.Sequence, now)),
    budget.within(share.update, async () => (session === undefined ? undefined : await host.store.load(session))),
  ]);
  if ('value' in claimed && !claimed.value) return nothing;
  if ('value' in loaded && session !== undefined && !loaded.value) {
    logger.error({ sessionId: session, command }, 'sma: a command names a session that the store does not have');
    return nothing;
  }
  const record = 'value' in loaded ? loaded.value : undefined;
  return takeUpdate(context, state, request, { landing: host.landing, announce: host.announce, record });
}

function wishesOf(host: SmaHost, own: readonly Item[], given: IvrAnswer): Wishes {
  const sealed = (actions: readonly SmaAction[] | undefined) =>
    (actions ?? []).map((action) => host.tokens.seal(action));
  const onFailure = sealed(given.onRecordingFailed);
  const last = onFailure.length > 0 ? own.findLast((item) => commandOf(item)) : undefined;
  return {
    before: itemsOf(sealed(given.before)),
    own: own.map((item) => (item === last ? { ...item, own: { ...commandOf(item)!, onFailure } } : item)),
    after: itemsOf(sealed(given.after)),
  };
}

/** An inbound leg that was offered, and that no action has answered or is answering. */
function unanswered(state: TurnState): (callId: string) => boolean {
  return (callId) => {
    const { connected, answered } = legOf(state, callId);
    return connected === true && !answered && ![...state.running, ...state.cut].some(answersLeg);
  };
}

/** Answers to these events are ignored, and so are answers when nobody is on the line. */
function isAnswerable(event: SmaEvent): boolean {
  const ignored: readonly string[] = ['NEW_OUTBOUND_CALL', 'RINGING', 'ACTION_INTERRUPTED'];
  return !ignored.includes(eventType(event)) && anybodyThere(event);
}
