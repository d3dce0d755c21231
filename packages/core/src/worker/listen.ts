import type { DriverListener, RecordingDriver } from '../driver/driver.ts';
import { newId } from '../engine/ids.ts';
import { judge } from '../engine/judge.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { errorFields, OnRecordError } from '../errors/index.ts';
import { type Hearing, hear } from './hear.ts';
import { holdListening, type ListenLease } from './listen-lease.ts';
import type { WorkerContext } from './worker-options.ts';

/** First and longest wait before connecting again; each is cut short by up to half, so that many do not come at once. */
const firstRetryMs = 500;
const longestRetryMs = 30_000;
/** Wait after a refusal that repeating does not change: a wrong password, a wrong address. */
const hopelessMs = 60_000;
/** A connection that stood this long was no failed attempt. */
const steadyMs = 30_000;
/** How long a driver may take to close its connection when told to. */
const closingMs = 5_000;

const hopeless: ReadonlySet<ErrorCode> = new Set(['unauthenticated', 'permission-denied', 'invalid-request']);

export interface ListenOptions {
  readonly instance: string;
  readonly driver: RecordingDriver;
  readonly signal: AbortSignal;
  /** Told whether an attempt to connect from here is on its way, or its outcome is known. */
  readonly trying: (trying: boolean) => void;
}

/**
 * Hears the events of one instance for as long as it runs, while no other worker does: connects, and connects again.
 * Resolves when aborted.
 */
export async function listen(context: WorkerContext, options: ListenOptions): Promise<void> {
  const { logger } = context;
  const { instance, signal, trying } = options;
  const owner = `${context.owner}/${newId()}`;
  while (!signal.aborted) {
    let lease: ListenLease;
    try {
      lease = await holdListening(context, { instance, owner, signal, elsewhere: () => trying(false) });
    } catch {
      return;
    }
    trying(true);
    await keepConnected(context, options, lease.signal);
    trying(false);
    if (!signal.aborted) logger.info({ instance }, 'worker: another worker listens to a provider now');
    await lease.release().catch((error: unknown) => {
      logger.warn({ err: errorFields(error), instance }, 'worker: the claim to listen runs out by itself');
    });
  }
}

/** Until the lease is lost. */
async function keepConnected(context: WorkerContext, options: ListenOptions, held: AbortSignal): Promise<void> {
  const { clock, logger } = context;
  const { instance, driver, trying } = options;
  const hearing = hear(context, { instance, driver, signal: held });
  let failures = 0;
  /** Since when nothing is heard, and what was said of it. */
  let outage: { readonly since: number; readonly refused: boolean } | undefined;
  while (!held.aborted) {
    let openedAt: number | undefined;
    const failure = await connect(context, options, { held, hearing }, () => {
      openedAt = clock.monotonic();
      trying(false);
      const outageMs = outage && Math.round(openedAt - outage.since);
      logger.info({ instance, ...(outage ? { outageMs } : {}) }, 'worker: listening to a provider');
      outage = undefined;
    });
    if (held.aborted) break;
    trying(false);
    const now = clock.monotonic();
    const judged = judge(driver, failure);
    const refused = hopeless.has(judged.code);
    failures = openedAt !== undefined && now - openedAt >= steadyMs ? 1 : failures + 1;
    if (!outage || (refused && !outage.refused)) {
      const err = errorFields(OnRecordError.wrap(failure, judged, { operation: 'listen', provider: instance }));
      if (refused) logger.error({ err, instance }, 'worker: a provider refuses the connection for its events');
      else
        logger.warn({ err, instance }, 'worker: the connection for the events of a provider broke, to be made again');
      outage = { since: outage?.since ?? now, refused };
    }
    const doubled = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 30));
    const waitMs = Math.max(refused ? hopelessMs : doubled, judged.retryAfterMs ?? 0) * (1 - Math.random() / 2);
    await clock.delay(waitMs, { signal: held }).catch(() => {});
  }
  await hearing.idle();
}

/** One connection, from the attempt to its end; returns why it ended. */
async function connect(
  context: WorkerContext,
  { instance, driver }: ListenOptions,
  { held, hearing }: { readonly held: AbortSignal; readonly hearing: Hearing },
  onOpen: () => void,
): Promise<unknown> {
  const { clock, intervals, logger } = context;
  const own = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([held, own.signal]);
  let open = false;
  const listener: DriverListener = {
    opened() {
      if (signal.aborted) return;
      if (!open) onOpen();
      open = true;
      hearing.opened();
    },
    emit: (parsed) => hearing.emit(parsed),
  };
  clock.delay(intervals.requestMs, { signal: over.signal }).then(
    () => {
      if (open) return;
      const message = `The connection for the events of "${instance}" did not open within ${intervals.requestMs} ms.`;
      own.abort(new OnRecordError('timeout', message, { retry: 'safe', blame: 'provider' }));
    },
    () => {},
  );
  const closed = async () => {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await clock.delay(closingMs, { signal: over.signal }).catch(() => {});
    if (!over.signal.aborted) logger.warn({ instance }, 'worker: a driver did not close its connection when told to');
  };
  const ended = new OnRecordError('unavailable', `The provider of "${instance}" closed the connection.`, {
    retry: 'safe',
    blame: 'provider',
  });
  let failure: unknown = ended;
  try {
    const connection = (async () => driver.doListen?.(listener, { signal, clock }))();
    connection.catch(() => {});
    await Promise.race([connection, closed()]);
  } catch (error) {
    failure = error;
  }
  if (own.signal.aborted) failure = own.signal.reason;
  over.abort();
  own.abort(failure);
  return failure;
}
