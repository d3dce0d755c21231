import { createHash } from 'node:crypto';
import type { SmaAction } from '../event/sma-event.ts';

/** Tokens kept in this process; the oldest goes first. */
const maxTokens = 500;
const mark = 'sealed:';

/**
 * JoinToken lets anybody into the meeting, so it is written nowhere: stored actions hold its digest, and the token stays
 * in this process only.
 */
export class JoinTokens {
  readonly #tokens = new Map<string, string>();

  /** The action as it may be stored. */
  seal(action: SmaAction): SmaAction {
    const token = action.Parameters?.['JoinToken'];
    if (typeof token !== 'string' || token.startsWith(mark)) return action;
    const digest = mark + createHash('sha256').update(token).digest('hex').slice(0, 32);
    this.#tokens.delete(digest);
    this.#tokens.set(digest, token);
    if (this.#tokens.size > maxTokens) this.#tokens.delete(this.#tokens.keys().next().value!);
    return { ...action, Parameters: { ...action.Parameters, JoinToken: digest } };
  }

  /** The action as it was, or undefined when another process sealed it. */
  unseal(action: SmaAction): SmaAction | undefined {
    const digest = action.Parameters?.['JoinToken'];
    if (typeof digest !== 'string' || !digest.startsWith(mark)) return action;
    const token = this.#tokens.get(digest);
    return token === undefined ? undefined : { ...action, Parameters: { ...action.Parameters, JoinToken: token } };
  }
}
