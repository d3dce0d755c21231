import type { Target } from '../call-ref.ts';
import { AriError, isAnswer } from '../client/ari-error.ts';
import { bridgeOf } from './members.ts';
import { ask, type Work } from './work.ts';

/**
 * Lets the application hear of this call's events, where it is connected and the call is there. Not needed for what is
 * begun to go well: states are learnt by asking as well.
 *
 * @throws AriError where that cannot be told.
 */
export async function subscribe(work: Work, { kind, id }: Target): Promise<void> {
  try {
    await ask(work, 'POST', ['applications', work.config.app, 'subscription'], { eventSource: `${kind}:${id}` });
  } catch (error) {
    if (!(error instanceof AriError) || error.status === undefined || error.status >= 500) throw error;
    if (!isAnswer(error, 404) && !isAnswer(error, 422)) throw error;
  }
}

/** Who joins the bridge of a channel is told of on the bridge only. @throws AriError where that cannot be told. */
export async function subscribeToBridge(work: Work, target: Target): Promise<void> {
  if (target.kind !== 'channel') return;
  const bridge = await bridgeOf(work, target.id);
  if (bridge) await subscribe(work, { kind: 'bridge', id: bridge.id });
}
