import type { SmaAction, SmaEvent } from '../event/sma-event.ts';
import { ourAttribute } from '../journal/attributes.ts';
import type { JoinTokens } from '../journal/join-tokens.ts';
import type { JournalEntry, TurnJournal } from '../journal/turn-journal.ts';
import type { Engine } from '../record/record-keeper.ts';
import type { Timely } from '../turn/budget.ts';
import type { Item } from '../turn/item.ts';
import type { TurnState } from '../turn/state.ts';

/**
 * The state that the last invocation handed on: from this process, else from the attributes in the event, which need no
 * store, else from the store's journal, when the attributes are older or hold only a part. Undefined when all are lost.
 */
export async function loadState(
  journal: TurnJournal,
  event: SmaEvent,
  engine: Pick<Engine, 'decodeState'>,
  recall: (sequence: number) => Promise<Timely<JournalEntry | undefined>>,
): Promise<TurnState | undefined> {
  const { TransactionId: transactionId } = event.CallDetails;
  const previous = event.Sequence - 1;
  const recent = journal.recent(transactionId, previous)?.state;
  if (recent) return recent;
  const carried = carriedState(event, engine);
  if (carried?.sequence === previous && !carried.partial) return carried;
  if (previous <= 0) return carried;
  for (const sequence of new Set([previous, carried?.sequence ?? previous])) {
    const found = await recall(sequence);
    if ('value' in found && found.value) return found.value.state;
  }
  return carried;
}

/** The state of the last answer that the service took, as its attributes carry it. */
export function carriedState(
  { CallDetails }: SmaEvent,
  { decodeState }: Pick<Engine, 'decodeState'>,
): TurnState | undefined {
  return decodeState(CallDetails.TransactionAttributes?.[ourAttribute]);
}

/** Takes the waiting actions out whose join tokens died with the process that held them. */
export function dropLost(
  tokens: JoinTokens,
  state: TurnState,
): { readonly state: TurnState; readonly lost: readonly SmaAction[] } {
  const lost: SmaAction[] = [];
  const alive = (items: readonly Item[]) =>
    items.filter(({ action }) => {
      if (tokens.unseal(action)) return true;
      const { JoinToken: _, ...rest } = action.Parameters ?? {};
      lost.push({ ...action, Parameters: rest });
      return false;
    });
  const queue = alive(state.queue);
  const cut = alive(state.cut);
  return lost.length === 0 ? { state, lost } : { state: { ...state, queue, cut }, lost };
}
