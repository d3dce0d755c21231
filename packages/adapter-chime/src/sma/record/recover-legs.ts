import { isOver, sessionsOfCall } from '@onrecord/core';
import { smaLeg } from '../call-ref.ts';
import type { SmaEvent } from '../event/sma-event.ts';
import { type TurnState, withLeg } from '../turn/state.ts';
import type { SaveContext } from './save-ops.ts';

/** The sessions of a call whose state was lost, as the store has them, so that nothing is started or told twice. */
export async function recoverLegs(context: SaveContext, event: SmaEvent, before: TurnState): Promise<TurnState> {
  let state = before;
  for (const { CallId } of event.CallDetails.Participants) {
    const leg = smaLeg(event, CallId, context);
    const records = await sessionsOfCall(context.store, context.tenant, leg);
    if (records.length === 0) continue;
    const sessions = records.map((record) => ({
      id: record.id,
      is:
        record.snapshot.state === 'failed' ? ('void' as const) : isOver(record) ? ('over' as const) : ('open' as const),
      command: record.commands[0]?.id ?? '',
      ...(record.providerOptions?.['message'] ? { message: true as const } : {}),
    }));
    state = withLeg(state, CallId, { connected: true, answered: true, sessions });
    const { sipMediaApplicationId: application } = { ...records[0]?.call.data, ...records[0]?.parts[0]?.facts };
    if (typeof application === 'string') state = { ...state, application };
  }
  return state;
}
