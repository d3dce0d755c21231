import type { CallRef } from '../call/call-ref.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { askable, askableBy } from '../engine/ask-part.ts';
import { coalesce } from '../engine/coalesce.ts';
import { followable, followPart } from '../engine/follow-part.ts';
import { errorFields } from '../errors/index.ts';
import { sessionsOfCall } from '../recorder/call-sessions.ts';
import { correlationOf, parseCorrelation } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { askingOf, pollPart } from './poll-provider.ts';
import type { WorkerContext } from './worker-options.ts';

/** Sessions asked about at once after the connection was opened, and read from the store with one look. */
const asksAtOnce = 4;
const pageSize = 100;

/** Waits before a part whose call is over is asked about: its provider may need a moment to end it. */
const endWaits: readonly number[] = [0, 250, 1_000, 4_000];

/** How a listener learns what no message says: by asking, and by looking who is on a call. */
export interface CatchUp {
  /** Asks about the part with this correlation, once more if that is being done. */
  ask(correlation: string): Promise<void>;
  /** Asks about every part of the instance that is not over, and brings those that run up to date. */
  askAll(): Promise<void>;
  /** Lets whoever joined this call have a track. */
  followCall(call: CallRef): Promise<void>;
  /** Asks about the parts on a call that is over until they are: their own end is not always told. */
  endCall(call: CallRef): Promise<void>;
  /** Remembers a session by its call. */
  note(sessionId: string): Promise<void>;
}

export function catchUp(
  context: WorkerContext,
  {
    instance,
    driver,
    signal,
  }: { readonly instance: string; readonly driver: RecordingDriver; readonly signal: AbortSignal },
): CatchUp {
  const { store, clock, logger } = context;
  const asking = askingOf(context, instance);
  /** Live sessions by call: those of a tenant cannot be found by it. */
  const live = new Map<string, Set<string>>();

  const ask = coalesce(async (correlation) => {
    const found = asking && (await askableBy(asking, correlation, signal));
    if (!found) return;
    await pollPart(context, found.record, found.part, signal);
    context.wake();
  });

  const follow = coalesce(async (correlation) => {
    const named = parseCorrelation(correlation);
    if (named && asking) await followPart(asking, named.sessionId, named.partId, signal);
  });

  const askAll = coalesce(async () => {
    for (let after: string | undefined; !signal.aborted; ) {
      const page = await store.list({ unfinished: true, limit: pageSize, after });
      const rest = page.values();
      await Promise.all(Array.from({ length: asksAtOnce }, () => askEach(rest)));
      after = page.at(-1);
      if (after === undefined || page.length < pageSize) return;
    }
  });

  async function askEach(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      if (signal.aborted) return;
      // One that cannot be read is no reason to leave the others out.
      await askAbout(id).catch((error: unknown) => {
        if (!signal.aborted)
          logger.warn({ err: errorFields(error), sessionId: id }, 'worker: a session was not asked about');
      });
    }
  }

  async function askAbout(id: string): Promise<void> {
    const record = await store.load(id);
    if (record?.provider !== instance) return;
    await Promise.all(askable(record).map((part) => ask(correlationOf(id, part.id))));
    const newest = driver.doFollow && (await store.load(id));
    if (newest) await followSession(newest);
  }

  async function followSession(record: SessionRecord): Promise<void> {
    remember(record);
    await Promise.all(followable(record).map((partId) => follow(correlationOf(record.id, partId))));
  }

  function remember({ id, call, snapshot: { state } }: SessionRecord): void {
    const sessions = live.get(nameOf(call)) ?? new Set();
    if (state === 'processing' || state === 'completed' || state === 'failed') sessions.delete(id);
    else sessions.add(id);
    if (sessions.size > 0) live.set(nameOf(call), sessions);
    else live.delete(nameOf(call));
  }

  async function sessionsOn(call: CallRef): Promise<readonly SessionRecord[]> {
    const known = await Promise.all([...(live.get(nameOf(call)) ?? [])].map((id) => store.load(id)));
    const records = [...known, ...(await sessionsOfCall(store, undefined, call))].filter((each) => each !== undefined);
    const sessions = new Map(records.map((record) => [record.id, record]));
    for (const record of sessions.values()) remember(record);
    return [...sessions.values()].filter(({ provider }) => provider === instance);
  }

  async function followCall(call: CallRef): Promise<void> {
    await Promise.all((await sessionsOn(call)).map(followSession));
  }

  async function endCall(call: CallRef): Promise<void> {
    for (const waitMs of endWaits) {
      if (waitMs > 0) await clock.delay(waitMs, { signal });
      const records = await sessionsOn(call);
      const open = records.flatMap((record) => askable(record).map((part) => correlationOf(record.id, part.id)));
      if (open.length === 0) return;
      await Promise.all(open.map((correlation) => ask(correlation)));
    }
  }

  return {
    ask,
    askAll: () => askAll('all'),
    followCall,
    endCall,
    async note(sessionId) {
      const record = await store.load(sessionId);
      if (record) remember(record);
    },
  };
}

function nameOf({ kind, key }: CallRef): string {
  return `${kind}:${key}`;
}
