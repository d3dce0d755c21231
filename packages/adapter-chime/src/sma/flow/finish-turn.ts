import type { SmaEvent, SmaResponse } from '../event/sma-event.ts';
import type { SmaHost } from '../host.ts';
import { mergeAttributes } from '../journal/attributes.ts';
import { answerOf, type JournalEntry } from '../journal/turn-journal.ts';
import type { Engine } from '../record/record-keeper.ts';
import type { Item } from '../turn/item.ts';
import type { TurnState } from '../turn/state.ts';
import type { Within } from './ask-workflow.ts';
import type { IvrAnswer } from './ivr.ts';

export interface FinishedTurn {
  readonly state: TurnState;
  readonly list: readonly Item[] | undefined;
  readonly attributes: IvrAnswer['attributes'];
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
  const attributes = mergeAttributes(TransactionAttributes ?? {}, turn.attributes, engine.encodeState(turn.state));
  const sealed: SmaResponse = {
    SchemaVersion: '1.0',
    ...(turn.list ? { Actions: turn.list.map(({ action }) => action) } : {}),
    TransactionAttributes: attributes,
  };
  const entry: JournalEntry = { answer: JSON.stringify(sealed), state: turn.state };
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
