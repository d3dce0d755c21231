import type { OfferFor, Session } from '@onrecord/core';
import type { flow, takeCard as TakeCard } from '../workflow.ts';
import { onTold, tell } from './parent.ts';
import { describe } from './run.ts';

/** Does with the session what the application's users ask for. */
export function commands(session: Session<OfferFor<typeof flow.requirement>>, takeCard: typeof TakeCard): void {
  let collected = () => {};
  onTold((message) => {
    switch (message.tell) {
      case 'take-card':
        return report(takeCard(session, ({ signal }) => collect(signal)).then(() => tell({ tell: 'card-taken' })));
      case 'collected':
        return collected();
      default:
        return report(
          session[message.tell]({ until: message.until }).then(() => tell({ tell: 'done', command: message.tell })),
        );
    }
  });

  /** Opens the form; resolves when the number is in. */
  function collect(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      collected = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      tell({ tell: 'collect' });
    });
  }
}

function report(work: Promise<void>): void {
  work.catch((error: unknown) => {
    console.error(describe(error));
    process.exit(1);
  });
}
