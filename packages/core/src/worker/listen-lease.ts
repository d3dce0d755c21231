import { timestamp } from '../clock.ts';
import { within } from '../engine/within.ts';
import { errorFields, OnRecordError } from '../errors/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * Length of a slot; the same in every process, or two would listen. Who dies keeps the slot, and the next one too if
 * its last third has begun: the socket stands still for 13 s at most.
 */
const slotMs = 10_000;
/** Wait between two renewals, and what is left of a slot when the next one is claimed. */
const renewMs = 1_000;
const aheadMs = slotMs / 3;
/** How long an entry can be looked up after its slot. */
const keptMs = 60_000;

export interface ListenLease {
  /** Aborts as soon as another worker may listen. */
  readonly signal: AbortSignal;
  /** Lets the next worker begin at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly instance: string;
  /** Unlike that of any other process. */
  readonly owner: string;
  readonly signal: AbortSignal;
  /** Told once while another worker listens. */
  readonly elsewhere: () => void;
}

type Context = Pick<WorkerContext, 'store' | 'clock' | 'logger' | 'intervals'>;

/**
 * Waits until no other worker listens to an instance. Time is cut into slots, each with a journal entry of its own that
 * the first writer keeps: the holder claims the next slot early, everybody else only a slot that has begun. So the store
 * needs nothing but `remember`, and clocks that differ let two workers overlap by no more than they differ.
 * @throws the signal's reason.
 */
export async function holdListening(context: Context, options: LeaseOptions): Promise<ListenLease> {
  const { store, clock, logger, intervals } = context;
  const { instance, owner, signal } = options;
  let told = false;
  let failing = false;
  for (;;) {
    signal.throwIfAborted();
    const slot = slotAt(clock.now());
    try {
      const entry = await claimSlot(store, { instance, owner, slot });
      if (entry !== undefined) return lease(context, options, slot, entry);
      if (!told) options.elsewhere();
      told = true;
      failing = false;
    } catch (error) {
      if (!failing) {
        logger.error({ err: errorFields(error), instance }, 'worker: the store cannot say who listens to a provider');
      }
      failing = true;
    }
    await clock.delay(Math.min(intervals.idleMs, slotMs - (clock.now() % slotMs)), { signal });
  }
}

interface Claim {
  readonly instance: string;
  readonly owner: string;
  readonly slot: number;
}

/** The entry under which a slot is now ours; undefined when it is another worker's. */
async function claimSlot(store: SessionStore, { instance, owner, slot }: Claim): Promise<string | undefined> {
  const expiresAt = timestamp((slot + 1) * slotMs + keptMs);
  for (let turn = 0; ; turn++) {
    const entry = `listen/${instance}/${slot}/${turn}`;
    if ((await store.remember(entry, owner, expiresAt)) === owner) return entry;
    if ((await store.recall(releaseOf(entry))) !== true) return undefined;
  }
}

function lease(
  { store, clock, logger }: Context,
  { instance, owner, signal }: LeaseOptions,
  slot: number,
  entry: string,
): ListenLease {
  const held = new Map([[slot, entry]]);
  const own = new AbortController();
  const done = new AbortController();
  const onAbort = () => own.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let goodUntil = clock.monotonic() + endOf(slot) - clock.now();

  async function renew(): Promise<void> {
    for (; ; await clock.delay(renewMs, { signal: done.signal })) {
      const nowMs = clock.now();
      const wanted = [...new Set([slotAt(nowMs), slotAt(nowMs + aheadMs)])].filter((each) => !held.has(each));
      try {
        for (const each of wanted) {
          const next = await within(clock, Math.max(1, goodUntil - clock.monotonic()), done.signal, () =>
            claimSlot(store, { instance, owner, slot: each }),
          );
          if (next === undefined) return lose();
          held.set(each, next);
          goodUntil = clock.monotonic() + endOf(each) - clock.now();
        }
      } catch (error) {
        if (done.signal.aborted) return;
        logger.warn({ err: errorFields(error), instance }, 'worker: the claim to listen could not be renewed');
      }
      if (clock.monotonic() >= goodUntil) return lose();
      for (const each of held.keys()) if (endOf(each) <= nowMs) held.delete(each);
    }
  }

  function lose(): void {
    own.abort(new OnRecordError('conflict', `Another worker listens to "${instance}" now.`, { retry: 'safe' }));
  }

  renew().catch(() => {});
  return {
    signal: own.signal,
    async release() {
      done.abort();
      signal.removeEventListener('abort', onAbort);
      if (!own.signal.aborted) own.abort(new OnRecordError('aborted', 'The claim to listen was given up.'));
      for (const [each, mine] of held) {
        await store.remember(releaseOf(mine), true, timestamp(endOf(each) + keptMs));
      }
    },
  };
}

function slotAt(ms: number): number {
  return Math.floor(ms / slotMs);
}

/** When a slot is over (epoch ms). */
function endOf(slot: number): number {
  return (slot + 1) * slotMs;
}

function releaseOf(entry: string): string {
  return `${entry}/released`;
}
