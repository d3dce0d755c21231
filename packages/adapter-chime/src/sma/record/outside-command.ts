import { timestamp } from '@onrecord/core';
import type { Within } from '../flow/ask-workflow.ts';
import type { EventContext } from '../flow/outcome.ts';
import { readUpdate } from '../flow/update-request.ts';
import type { SmaHost } from '../host.ts';
import { keptForMs } from '../journal/turn-journal.ts';
import type { TurnState } from '../turn/state.ts';
import { takeUpdate, type Update } from './take-update.ts';

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
  const request = readUpdate(event);
  if (!request) return undefined;
  const { onrecord: command, session } = request;
  const nothing: Update = { state, items: [], ops: [] };
  if (state.done.includes(command)) return nothing;
  const { TransactionId: transactionId } = event.CallDetails;
  const [claimed, loaded] = await Promise.all([
    within(() =>
      host.store.remember(`sma/${transactionId}/command/${command}`, event.Sequence, timestamp(now + keptForMs)),
    ),
    within(async () => (session === undefined ? undefined : await host.store.load(session))),
  ]);
  // The first invocation that claims the command does it.
  if ('value' in claimed && claimed.value !== event.Sequence) return nothing;
  if ('value' in loaded && session !== undefined && !loaded.value) {
    logger.error({ sessionId: session, command }, 'sma: a command names a session that the store does not have');
    return nothing;
  }
  const record = 'value' in loaded ? loaded.value : undefined;
  return takeUpdate(context, state, request, { landing: host.landing, announce: host.announce, record });
}
