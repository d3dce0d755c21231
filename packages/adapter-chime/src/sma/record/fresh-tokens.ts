import type { SmaAction, SmaEvent, SmaResponse } from '../event/sma-event.ts';
import { askIvr, type Within } from '../flow/ask-workflow.ts';
import { TurnCollector } from '../flow/collect-turn.ts';
import type { SmaHost } from '../host.ts';
import { emptyState } from '../turn/state.ts';

/**
 * An answer of another process, whose join tokens only that process knows: the application makes its answer anew, and
 * nothing but the tokens of it is used.
 */
export async function withFreshTokens(
  host: SmaHost,
  event: SmaEvent,
  answer: SmaResponse,
  within: Within,
): Promise<SmaResponse> {
  const { TransactionId: transactionId } = event.CallDetails;
  const engine = await host.engine();
  const turn = { ...host, engine, event, transactionId, sequence: event.Sequence, now: host.clock.now() };
  const scratch = new TurnCollector(turn, emptyState);
  const given = await askIvr(host, engine, scratch, event, { notices: [], cutOff: [], lost: [], refused: [] }, within);
  const tokens = [...(given.before ?? []), ...(given.after ?? [])].flatMap(
    ({ Parameters }) => Parameters?.['JoinToken'] ?? [],
  );
  const actions = (answer.Actions ?? []).flatMap((action): readonly SmaAction[] => {
    const known = host.tokens.unseal(action);
    if (known) return [known];
    const token = tokens.shift();
    if (token !== undefined) return [{ ...action, Parameters: { ...action.Parameters, JoinToken: token } }];
    host.logger.error({ type: action.Type }, 'sma: a join token is lost; its action is left out');
    return [];
  });
  return { ...answer, Actions: actions };
}
