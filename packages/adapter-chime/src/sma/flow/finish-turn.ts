import type { SmaEvent, SmaResponse } from '../event/sma-event.ts';
import type { SmaHost } from '../host.ts';
import { mergeAttributes } from '../journal/attributes.ts';
import { answerOf, type JournalEntry } from '../journal/turn-journal.ts';
import type { Engine } from '../record/record-keeper.ts';
import type { Item } from '../turn/item.ts';
import type { TurnState } from '../turn/state.ts';
import type { Within } from './ask-workflow.ts';
import type { IvrAnswer } from './ivr.ts';
import { holds, withoutSecret } from './secret-digits.ts';

export interface FinishedTurn {
  readonly state: TurnState;
  readonly list: readonly Item[] | undefined;
  readonly attributes: IvrAnswer['attributes'];
  /** Digits that must not be kept. */
  readonly secret: string | undefined;
  /** Epoch ms. */
  readonly now: number;
}

/** Journals the answer and gives it; when another process has answered this invocation already, its answer. */
export async function finish(
  host: SmaHost,
  engine: Engine,
  event: SmaEvent,
  turn: FinishedTurn,
  within: Within,
): Promise<SmaResponse> {
  const { TransactionId: transactionId, TransactionAttributes } = event.CallDetails;
  const { secret } = turn;
  const state = secret === undefined ? turn.state : withoutSecret(turn.state, secret);
  const attributes = mergeAttributes(TransactionAttributes ?? {}, turn.attributes, engine.encodeState(state));
  const sealed: SmaResponse = {
    SchemaVersion: '1.0',
    ...(turn.list ? { Actions: turn.list.map(({ action }) => action) } : {}),
    ...(attributes ? { TransactionAttributes: attributes } : {}),
  };
  const entry: JournalEntry = { answer: JSON.stringify(sealed), state };
  if (secret !== undefined && holds(sealed.Actions, secret)) {
    // Only this process knows what was answered.
    host.journal.keep(transactionId, event.Sequence, entry);
    return repeat(host, engine, event, entry, within);
  }
  const written = await within(() => host.journal.remember(transactionId, event.Sequence, entry, turn.now));
  if (!('value' in written)) {
    const err = 'error' in written ? written.error : undefined;
    host.logger.warn({ err, sequence: event.Sequence }, 'sma: the journal was not written in time');
    host.journal.keep(transactionId, event.Sequence, entry);
  }
  return repeat(host, engine, event, 'value' in written ? written.value : entry, within);
}

/** The answer of a journal entry, with its join tokens; those of another process are asked for again. */
export async function repeat(
  host: SmaHost,
  engine: Engine,
  event: SmaEvent,
  entry: JournalEntry,
  within: Within,
): Promise<SmaResponse> {
  const answer = answerOf(entry);
  if (!answer.Actions) return answer;
  const whole = answer.Actions.map((action) => host.tokens.unseal(action));
  if (!whole.includes(undefined)) return { ...answer, Actions: whole.filter((action) => action !== undefined) };
  return engine.withFreshTokens(host, event, answer, within);
}
