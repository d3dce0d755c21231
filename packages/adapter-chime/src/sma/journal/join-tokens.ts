import type { SmaAction } from '../event/sma-event.ts';

/** Tokens kept in this process; the oldest goes first. */
const maxTokens = 500;
const mark = 'sealed:';

/**
 * JoinToken lets anybody into the meeting, so it is written nowhere: stored actions hold a name of ours for it, and the
 * token stays in this process only.
 */
export class JoinTokens {
  readonly #tokens = new Map<string, string>();

  /** The action as it may be stored. */
  seal(action: SmaAction): SmaAction {
    const token = action.Parameters?.['JoinToken'];
    if (typeof token !== 'string' || token.startsWith(mark)) return action;
    const seal = mark + crypto.randomUUID();
    this.#tokens.set(seal, token);
    if (this.#tokens.size > maxTokens) this.#tokens.delete(this.#tokens.keys().next().value!);
    return { ...action, Parameters: { ...action.Parameters, JoinToken: seal } };
  }

  /** The action as it was, or undefined when another process sealed it. */
  unseal(action: SmaAction): SmaAction | undefined {
    const seal = action.Parameters?.['JoinToken'];
    if (typeof seal !== 'string' || !seal.startsWith(mark)) return action;
    const token = this.#tokens.get(seal);
    return token === undefined ? undefined : { ...action, Parameters: { ...action.Parameters, JoinToken: token } };
  }
}
