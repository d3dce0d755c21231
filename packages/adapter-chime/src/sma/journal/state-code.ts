import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Item } from '../turn/item.ts';
import type { TurnState } from '../turn/state.ts';

/** Longest value of our transaction attribute, in bytes: the map of all attributes has 20 KB. */
export const maxStateBytes = 2_000;

/** Guard against a value that is not ours. */
const maxInflatedBytes = 256 * 1024;
const version = '1.';

/**
 * The state as a transaction attribute: as much of it as fits. What a recording needs goes first; the user's waiting
 * actions are left out first and come back from the store's journal.
 */
export function encodeState(state: TurnState): string {
  for (const smaller of reductions) {
    const text = version + deflateRawSync(JSON.stringify(smaller(state))).toString('base64url');
    if (text.length <= maxStateBytes) return text;
  }
  return '';
}

/** The state in an attribute; undefined when there is none, or it is not readable by this version. */
export function decodeState(text: string | undefined): TurnState | undefined {
  if (!text?.startsWith(version)) return undefined;
  try {
    const bytes = inflateRawSync(Buffer.from(text.slice(version.length), 'base64url'), {
      maxOutputLength: maxInflatedBytes,
    });
    const state: unknown = JSON.parse(bytes.toString());
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

function isState(value: unknown): value is TurnState {
  const state = value as Partial<TurnState> | null;
  return typeof state?.sequence === 'number' && Array.isArray(state.running) && typeof state.legs === 'object';
}

const reductions: readonly ((state: TurnState) => TurnState)[] = [
  (state) => state,
  (state) => ({
    ...state,
    running: state.running.map(bare),
    queue: ours(state.queue),
    cut: ours(state.cut),
    partial: true,
  }),
  (state) => ({ ...reductions[1]!(state), pending: essential(state), done: state.done.slice(-4) }),
  (state) => ({ ...reductions[2]!(state), cut: [], queue: [], pending: essential(state).slice(-3) }),
  (state) => ({ ...reductions[3]!(state), pending: [], done: [] }),
  // Without legs and secure sections a leg would be started twice, or be resumed while digits come.
  (state) => ({
    ...reductions[4]!(state),
    running: state.running.map(bare).map(withoutFallback),
    evidence: [],
    untold: [],
  }),
];

/** Our action without the user's for its failure: those come back from the store's journal. */
function withoutFallback({ action, own }: Item): Item {
  if (own?.kind === 'announce' || !own?.onFailure) return { action, own };
  const { onFailure: _, ...rest } = own;
  return { action, own: rest };
}

/** The user's action without its parameters: enough to know it when it is reported. */
function bare({ action, own }: Item): Item {
  return own ? { action, own } : { action: { Type: action.Type } };
}

function ours(items: readonly Item[]): readonly Item[] {
  return items.filter(({ own }) => own);
}

/** Starts and outcomes: the record can be made from them; that a command left follows from its outcome. */
function essential({ pending }: TurnState): TurnState['pending'] {
  return pending.filter(({ op }) => op === 'create' || op === 'seen');
}
