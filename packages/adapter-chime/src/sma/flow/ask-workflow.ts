import type { CallNotice } from '@onrecord/core';
import { smaLeg } from '../call-ref.ts';
import { callIdOf, eventType } from '../event/read-event.ts';
import type { SmaAction, SmaEvent } from '../event/sma-event.ts';
import type { SmaHost } from '../host.ts';
import type { Engine } from '../record/record-keeper.ts';
import type { Timely } from '../turn/budget.ts';
import type { TurnCollector } from './collect-turn.ts';
import type { IvrAnswer } from './ivr.ts';
import type { Observed } from './observe.ts';

/** Waits for work as long as this step may take. */
export type Within = <T>(work: () => T | Promise<T>) => Promise<Timely<T>>;

/** Tells the flow, notice by notice. What it asked for before it threw or ran out of time counts. */
export async function tellFlow(
  host: SmaHost,
  { runInsideTurn }: Engine,
  collector: TurnCollector,
  event: SmaEvent,
  notices: readonly CallNotice[],
  within: Within,
): Promise<void> {
  const { flow, logger, provider } = host;
  const outcome = await within(async () => {
    for (const notice of notices) {
      try {
        const call = smaLeg(event, String(notice.call.data['callId']), { provider });
        await runInsideTurn(() => flow.onCall?.(notice, collector.turn(call) as never));
      } catch (error) {
        logger.error({ err: error, notice: notice.type }, 'sma: the flow threw; the call goes on');
      }
    }
  });
  if ('late' in outcome) logger.error({ notices: notices.length }, 'sma: the flow took too long; the call goes on');
}

/**
 * Whether the event is the application's: not a command of another process, unless the application wants to be asked,
 * and not the report of an action while the actions that follow it wait already.
 */
export function isForIvr(host: SmaHost, event: SmaEvent, observed: Observed, ours: boolean, lost: boolean): boolean {
  if (!host.ivr) return false;
  if (lost) return true;
  if (ours) return host.onCutOff === 'ask' && observed.state.running.some(({ own }) => !own);
  const type = eventType(event);
  const waiting = observed.state.queue.some(({ own }) => !own);
  if (type === 'ACTION_FAILED' && !observed.reported?.own) return true;
  return !(waiting && (type === 'ACTION_SUCCESSFUL' || type === 'ACTION_FAILED'));
}

/** Asks the application. No answer in time, or a thrown error, counts as nothing to do. */
export async function askIvr(
  host: SmaHost,
  { runInsideTurn, checkAnswer }: Engine,
  collector: TurnCollector,
  event: SmaEvent,
  details: {
    readonly notices: readonly CallNotice[];
    readonly cutOff: readonly SmaAction[];
    readonly lost: readonly SmaAction[];
    readonly refused: readonly SmaAction[];
    readonly secret?: string | undefined;
  },
  within: Within,
): Promise<IvrAnswer> {
  const { ivr, logger, provider } = host;
  const leg = callIdOf(event, event.ActionData) ?? event.CallDetails.Participants[0]?.CallId;
  if (!ivr || leg === undefined) return {};
  const { secret, ...context } = details;
  const turn = collector.turn(smaLeg(event, leg, { provider }));
  const outcome = await within(() =>
    runInsideTurn(() => ivr(event, { ...context, turn, sessionIds: turn.sessionIds })),
  );
  if ('error' in outcome) logger.error({ err: outcome.error }, 'sma: ivr threw; the call goes on');
  if ('late' in outcome) logger.error({}, 'sma: ivr took too long; the call goes on');
  return 'value' in outcome && outcome.value ? checkAnswer(logger, outcome.value, secret) : {};
}
