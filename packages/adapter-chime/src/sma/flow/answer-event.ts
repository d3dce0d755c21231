import { anybodyThere, eventType, readEvent, sipMediaApplicationId } from '../event/read-event.ts';
import type { SmaAction, SmaEvent, SmaResponse } from '../event/sma-event.ts';
import type { SmaHost } from '../host.ts';
import { type Engine, RecordKeeper } from '../record/record-keeper.ts';
import { Budget } from '../turn/budget.ts';
import { answersLeg, commandOf, type Item } from '../turn/item.ts';
import { emptyState, legOf, type TurnState, withDone } from '../turn/state.ts';
import { askIvr, isForIvr, tellFlow, type Within } from './ask-workflow.ts';
import { finish, repeat } from './finish-turn.ts';
import { carriedState, dropLost, loadState } from './load-turn.ts';
import { type Observed, observe } from './observe.ts';
import type { EventContext, Outcome } from './outcome.ts';
import { secretIn } from './secret-digits.ts';
import { giveUp } from './take-reports.ts';
import { wishesOf } from './wishes.ts';

/** Shares of the time for an answer, at the end of which a step is not waited for any longer. */
const share = { load: 0.25, report: 0.4, flow: 0.6, update: 0.7, ivr: 0.8, command: 0.92, journal: 1 } as const;

/** Answers one invocation: observes, asks the workflow, decides, writes down, answers. */
export async function answerEvent(host: SmaHost, raw: SmaEvent): Promise<SmaResponse> {
  const event = readEvent(raw);
  const engine = await host.engine();
  const budget = new Budget(host.clock, host.answerWithinMs);
  const until =
    (step: keyof typeof share): Within =>
    (work) =>
      budget.within(share[step], work);
  const { TransactionId: transactionId } = event.CallDetails;
  const recall = (sequence: number) => until('load')(() => host.journal.recall(transactionId, sequence));
  const [known, loaded] = await Promise.all([recall(event.Sequence), loadState(host.journal, event, engine, recall)]);
  if ('value' in known && known.value) return repeat(host, engine, event, known.value, until('ivr'));
  const before = loaded ?? (await stateFromStore(host, engine, event, until('load')));
  const now = host.clock.now();
  const context: EventContext = {
    event,
    provider: host.provider,
    logger: host.logger,
    accepted: eventType(event) === 'INVALID_LAMBDA_RESPONSE' ? carriedState(event, engine)?.sequence : undefined,
    now,
  };
  const keeper = new RecordKeeper(engine, host, budget, host.logger);
  const { state, lost } = dropLost(host.tokens, before);
  const secret = secretIn(event, state);
  const observed = observeRarities(engine, context, state, observe(context, state));
  const reporting = Promise.all([
    keeper.save(share.report, [...state.pending, ...observed.ops]),
    engine.saveLeftovers(host, budget, share.report),
  ]);
  const collector = new engine.TurnCollector(
    { ...host, engine, event, transactionId, sequence: event.Sequence, now },
    observed.state,
  );
  await tellFlow(host, engine, collector, event, observed.notices, until('flow'));
  const update =
    eventType(event) === 'CALL_UPDATE_REQUESTED'
      ? await engine.outsideCommand(host, context, collector.state, until('update'))
      : undefined;
  if (update) collector.state = update.state;
  const given = isForIvr(host, event, observed, update !== undefined, lost.length > 0)
    ? await askIvr(
        host,
        engine,
        collector,
        event,
        {
          notices: observed.notices,
          cutOff: update ? ofApplication(host, state.running) : [],
          lost,
          refused: ofApplication(host, observed.refused ?? []),
          secret,
        },
        until('ivr'),
      )
    : {};
  collector.close();
  await reporting;
  const wishes = wishesOf(host.tokens, [...(update?.items ?? []), ...collector.own], given);
  const own = collector.own.flatMap((item) => commandOf(item)?.command ?? []);
  const collected = withDone(collector.state, own);
  const answered = engine.answerBeforeStart(wishes, collected.queue, unanswered(collected), host.answerWith);
  let outcome: Outcome = { state: { ...collected, queue: answered.queue }, ops: update?.ops ?? [], notices: [] };
  for (const item of answered.refused)
    outcome = giveUp(context, outcome, item, 'nothing answers the leg; set answerWith');
  const decision = await engine.decideAnswer(context, keeper, outcome.state, answered.wishes, {
    answerable: isAnswerable(event),
    onCutOff: host.onCutOff,
    overdue: engine.isOverdue(state, now),
    guarded: update !== undefined && state.secure.length > 0,
    creates: collector.creates,
    sendDetails: (commandId) => collector.sendDetails(commandId),
    share: share.command,
  });
  await keeper.save(share.command, outcome.ops);
  const announced = [...state.evidence, ...collector.evidence];
  const evidence =
    announced.length === 0 ? announced : await engine.saveEvidence(host, announced, now, until('command'));
  const application = sipMediaApplicationId(event);
  const after = {
    ...decision.state,
    ...(application === undefined ? {} : { application }),
    sequence: event.Sequence,
    pending: keeper.late,
    evidence,
    partial: undefined,
  };
  engine.keepLeftovers(host, event, after);
  return finish(
    host,
    engine,
    event,
    { state: after, list: decision.list, attributes: given.attributes, secret, now },
    until('journal'),
  );
}

/** The first event of a call has no state before it; later ones whose state is lost find their sessions in the store. */
async function stateFromStore(host: SmaHost, engine: Engine, event: SmaEvent, within: Within): Promise<TurnState> {
  if (event.Sequence <= 1) return emptyState;
  const found = await within(() => engine.recoverLegs(host, event, emptyState));
  return 'value' in found ? found.value : emptyState;
}

/** The application's own actions among those of a list. */
function ofApplication({ tokens }: SmaHost, list: readonly Item[]): readonly SmaAction[] {
  return list.flatMap(({ action, own }) => (own ? [] : [tokens.unseal(action) ?? action]));
}

/** An answer that the service refused, and what is told of a start that no list of ours holds any more. */
function observeRarities(engine: Engine, context: EventContext, before: TurnState, told: Observed): Observed {
  const { event } = context;
  const application = sipMediaApplicationId(event);
  const moved = before.application !== undefined && application !== undefined && before.application !== application;
  const observed = { ...told, ...(moved ? engine.takeOver(context, told) : told) };
  const { refused, reported } = observed;
  if (refused) return { ...observed, ...engine.retryRefused(context, observed, refused) };
  if (reported) return observed;
  if (event.ActionData?.Type === 'RecordAudio') return { ...observed, ...engine.takeLateMessage(context, observed) };
  const started = eventType(event) === 'ACTION_SUCCESSFUL' && event.ActionData?.Type === 'StartCallRecording';
  return started ? { ...observed, ...engine.takeLateStart(context, observed) } : observed;
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
