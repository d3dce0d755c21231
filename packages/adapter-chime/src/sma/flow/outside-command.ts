import { eventType } from '../event/read-event.ts';
import type { SmaHost } from '../host.ts';
import type { Update } from '../record/take-update.ts';
import type { TurnState } from '../turn/state.ts';
import type { Within } from './ask-workflow.ts';
import type { EventContext } from './outcome.ts';
import { readUpdate } from './update-request.ts';

/**
 * A command that another process sent through UpdateSipMediaApplicationCall; undefined when the event has none. It is
 * done once per call, whoever repeats it, and with a store that is late it is taken at its word.
 */
export async function outsideCommand(
  host: SmaHost,
  context: EventContext,
  state: TurnState,
  within: Within,
): Promise<Update | undefined> {
  const { event, now, logger } = context;
  const request = eventType(event) === 'CALL_UPDATE_REQUESTED' ? readUpdate(event) : undefined;
  if (!request) return undefined;
  const { onrecord: command, session } = request;
  const nothing: Update = { state, items: [], ops: [] };
  if (state.done.includes(command)) return nothing;
  const { TransactionId: transactionId } = event.CallDetails;
  const [claimed, loaded, { takeUpdate }] = await Promise.all([
    within(() => host.journal.claim(transactionId, command, event.Sequence, now)),
    within(async () => (session === undefined ? undefined : await host.store.load(session))),
    host.engine(),
  ]);
  if ('value' in claimed && !claimed.value) return nothing;
  if ('value' in loaded && session !== undefined && !loaded.value) {
    logger.error({ sessionId: session, command }, 'sma: a command names a session that the store does not have');
    return nothing;
  }
  const record = 'value' in loaded ? loaded.value : undefined;
  return takeUpdate(context, state, request, { landing: host.landing, announce: host.announce, record });
}
