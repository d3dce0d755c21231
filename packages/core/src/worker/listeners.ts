import { listen } from './listen.ts';
import type { WorkerContext } from './worker-options.ts';

/** The sockets of a worker: one for each instance whose driver has one. */
export interface Listeners {
  /** Listens until aborted; resolves when the work in hand is done and others may listen. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Resolves as soon as no first attempt to connect to this instance is on its way from here: the connection stands, or
   * failed, or another worker listens, or this one does not run.
   * @throws the signal's reason.
   */
  tried(instance: string, signal: AbortSignal): Promise<void>;
}

export function listeners(context: WorkerContext): Listeners {
  const trying = new Set<string>();
  const waiting: (() => void)[] = [];

  function set(instance: string, now: boolean): void {
    if (now) trying.add(instance);
    else trying.delete(instance);
    if (now) return;
    for (const wake of waiting.splice(0)) wake();
  }

  return {
    async run(signal) {
      await Promise.all(
        Object.entries(context.instances).map(async ([instance, { driver }]) => {
          if (!driver.doListen) return;
          set(instance, true);
          try {
            await listen(context, { instance, driver, signal, trying: (now) => set(instance, now) });
          } finally {
            set(instance, false);
          }
        }),
      );
    },
    async tried(instance, signal) {
      while (trying.has(instance)) {
        signal.throwIfAborted();
        await new Promise<void>((resolve, reject) => {
          const onAbort = () => reject(signal.reason);
          signal.addEventListener('abort', onAbort, { once: true });
          waiting.push(() => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          });
        });
      }
    },
  };
}
