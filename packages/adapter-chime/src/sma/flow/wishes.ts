import type { SmaAction } from '../event/sma-event.ts';
import type { JoinTokens } from '../journal/join-tokens.ts';
import { commandOf, type Item, itemsOf } from '../turn/item.ts';
import type { Wishes } from '../turn/plan-answer.ts';
import type { IvrAnswer } from './ivr.ts';

/** What flow, application and other processes want, together; join tokens sealed, since it may have to wait. */
export function wishesOf(tokens: JoinTokens, own: readonly Item[], given: IvrAnswer): Wishes {
  const sealed = (actions: readonly SmaAction[] | undefined) => (actions ?? []).map((action) => tokens.seal(action));
  const onFailure = sealed(given.onRecordingFailed);
  const last = onFailure.length > 0 ? own.findLast((item) => commandOf(item)) : undefined;
  return {
    before: itemsOf(sealed(given.before)),
    own: own.map((item) => (item === last ? { ...item, own: { ...commandOf(item)!, onFailure } } : item)),
    after: itemsOf(sealed(given.after)),
  };
}
