import type { CallNotice } from '../call/call-notice.ts';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { type Deadlines, defaultDeadlines } from '../commands/deadlines.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { newId } from '../engine/ids.ts';
import type { EventSink } from '../events/event.ts';
import { type Logger, silentLogger } from '../log.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { Storage } from '../storage/storage.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import { Deliveries } from './deliveries.ts';
import { followSink } from './follow-sink.ts';
import { logSink } from './log-sink.ts';
import { Pace } from './pace.ts';

/** One configured provider instance, as the worker needs it. */
export interface WorkerInstance {
  readonly driver: RecordingDriver;
  /** Where this provider puts finished media, when it does not host them itself. */
  readonly landing?: StorageDriver | undefined;
}

/** How often the worker looks; all in milliseconds. */
export interface WorkerIntervals {
  /** Longest wait between two looks for due work. Default 1 000. */
  readonly idleMs: number;
  /** First and longest wait between polls while a command is in flight or a file is awaited. Defaults 250 and 5 000. */
  readonly firstPollMs: number;
  readonly longestPollMs: number;
  /** Wait between polls of a recording that just runs. Default 30 000. */
  readonly steadyPollMs: number;
  /** Longest wait between looks for a file that is `missing`. Default 600 000. */
  readonly slowestPollMs: number;
  /** A recorded command that no process began to send is sent by the worker after this. Default 10 000. */
  readonly resendAfterMs: number;
  /** A file not there this long after capture ended is `missing`. Default 600 000. */
  readonly missingAfterMs: number;
  /**
   * Where a recording may leave several files, nobody looks before this long after capture ended, and they are told once
   * nothing new has come there for this long: half of a recording would pass for all of it. Default 120 000.
   */
  readonly quietMs: number;
  /**
   * A missing file that provider and store deny is `lost` this long after capture ended; so is a recording of which
   * nobody ever heard, this long after its start was asked for. Default 48 h.
   */
  readonly lostAfterMs: number;
  /**
   * A file that breaks off is taken as it is this long after its part ended, unless its provider said sooner that nobody
   * will complete it. Default 3 600 000.
   */
  readonly brokenAfterMs: number;
  /**
   * How long before its provider deletes it a file of which nobody has a copy is told of, each time by the event
   * `artifact.expiring`. Default 21 600 000 and 3 600 000: six hours and one.
   */
  readonly expiringMs: readonly number[];
  /** How long a worker holds a record or a file; work of a worker that died is taken over after this. Default 60 000. */
  readonly leaseMs: number;
  /** A provider or store that does not answer a request within this is taken for out of reach. Default 20 000. */
  readonly requestMs: number;
  /** A sink that does not take an event within this has failed. Default 60 000. */
  readonly deliverMs: number;
}

export const defaultIntervals: WorkerIntervals = {
  idleMs: 1_000,
  firstPollMs: 250,
  longestPollMs: 5_000,
  steadyPollMs: 30_000,
  slowestPollMs: 600_000,
  resendAfterMs: 10_000,
  missingAfterMs: 600_000,
  quietMs: 120_000,
  lostAfterMs: 48 * 3_600_000,
  brokenAfterMs: 3_600_000,
  expiringMs: [6 * 3_600_000, 3_600_000],
  leaseMs: 60_000,
  requestMs: 20_000,
  deliverMs: 60_000,
};

export interface WorkerOptions {
  readonly store: SessionStore;
  /** By the name that sessions carry in `provider`. */
  readonly instances: Readonly<Record<string, WorkerInstance>>;
  readonly archive?: StorageDriver | undefined;
  readonly sinks?: readonly EventSink[] | undefined;
  /**
   * Handles what a provider with a socket tells of its calls; what it throws is tried again for some minutes. Default:
   * nobody does. A recorder's own worker brings them to the flows that the recorder serves.
   */
  readonly onNotice?: ((notice: CallNotice, instance: string) => Promise<void>) | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  /** Identity for leases; default a random id. */
  readonly owner?: string | undefined;
  readonly deadlines?: Partial<Deadlines> | undefined;
  readonly intervals?: Partial<WorkerIntervals> | undefined;
  /** Records looked at at once. Default 16. */
  readonly concurrency?: number | undefined;
  /** Files moved at once. Default 4. */
  readonly transfers?: number | undefined;
  /** Deliveries of one event before it goes to the dead letters. Default 20. */
  readonly maxDeliveries?: number | undefined;
}

/** Options with every default filled in; what the worker's parts share. */
export interface WorkerContext {
  readonly store: SessionStore;
  readonly instances: Readonly<Record<string, { readonly driver: RecordingDriver; readonly landing?: Storage }>>;
  readonly archive: Storage | undefined;
  readonly sinks: readonly EventSink[];
  readonly onNotice: (notice: CallNotice, instance: string) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
  readonly deadlines: Deadlines;
  readonly intervals: WorkerIntervals;
  readonly concurrency: number;
  readonly transfers: number;
  readonly maxDeliveries: number;
  readonly pace: Pace;
  readonly deliveries: Deliveries;
  /** Something is due: ends the wait for it. */
  wake(): void;
}

export function workerContext(options: WorkerOptions, wake: () => void): WorkerContext {
  const clock = options.clock ?? systemClock;
  const follows = Object.values(options.instances).some(({ driver }) => driver.doFollow);
  const context: WorkerContext = {
    store: options.store,
    instances: Object.fromEntries(
      Object.entries(options.instances).map(([name, { driver, landing }]) => [
        name,
        { driver, ...(landing ? { landing: new Storage(landing) } : {}) },
      ]),
    ),
    archive: options.archive && new Storage(options.archive),
    sinks: [
      ...(options.sinks ?? []),
      ...(follows ? [followSink(() => context)] : []),
      ...(options.logger ? [logSink(options.logger)] : []),
    ],
    onNotice: options.onNotice ?? (async () => {}),
    clock,
    logger: options.logger ?? silentLogger,
    owner: options.owner ?? newId(),
    deadlines: { ...defaultDeadlines, ...options.deadlines },
    intervals: { ...defaultIntervals, ...options.intervals },
    concurrency: options.concurrency ?? 16,
    transfers: options.transfers ?? 4,
    maxDeliveries: options.maxDeliveries ?? 20,
    pace: new Pace(clock),
    deliveries: new Deliveries(),
    wake,
  };
  return context;
}
