import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Artifact,
  type Clock,
  createRecorder,
  type Deadlines,
  type Logger,
  memorySessionStore,
  type RecorderOptions,
  type RecordingEvent,
  type SessionRecord,
  type SessionSnapshot,
  type SessionStore,
  systemClock,
  type WorkerIntervals,
} from '@onrecord/core';
import { filesystem } from '@onrecord/storage';
import type { AsteriskOptions } from '../../config/options.ts';
import { type AsteriskDriver, asterisk } from '../../driver.ts';
import type { AsteriskAccess, AsteriskSuite } from '../../testing/server/index.ts';
import { everythingBelow, everythingIn, refuseSecrets, secretForms } from './secrets.ts';

/** Nothing here waits longer than this: what takes longer hangs. */
export const patienceMs = 30_000;

/** A worker that looks often, but for the steady poll: what is found out at once must not have come from that. */
export const quick: Partial<WorkerIntervals> = {
  idleMs: 50,
  firstPollMs: 50,
  longestPollMs: 250,
  steadyPollMs: 600_000,
};

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LabOptions {
  readonly driver?: Partial<AsteriskOptions> | undefined;
  readonly intervals?: Partial<WorkerIntervals> | undefined;
  readonly deadlines?: Partial<Deadlines> | undefined;
  readonly store?: SessionStore | undefined;
  readonly worker?: boolean | undefined;
  readonly clock?: Clock | undefined;
  /** @default one of its own */
  readonly app?: string | undefined;
}

/** Typed for the newer server; on 16 a test must not use what that one lacks. */
export type LabRecorder = ReturnType<typeof recorderFor>;

function recorderFor(driver: AsteriskDriver<'asterisk-22'>, options: RecorderOptions) {
  return createRecorder(driver, options);
}

/** Recorder, worker, store and archive around one server, with all that they say; closed, nothing of it may be secret. */
export interface FaultLab extends AsyncDisposable {
  readonly recorder: LabRecorder;
  readonly driver: AsteriskDriver<'asterisk-22'>;
  readonly app: string;
  readonly store: SessionStore;
  readonly log: readonly LogLine[];
  /** Names of the events so far, e.g. `recording.started`. */
  readonly events: readonly string[];
  /** Names of the events that carry this text, as they were sent. */
  eventsWith(text: string): readonly RecordingEvent[];
  /** Lines of at least this level, as `level message`. */
  said(level: 'warn' | 'error'): readonly string[];
  /** What the promise is rejected with, within {@link patienceMs}; kept for the search for secrets. */
  rejection(work: Promise<unknown>): Promise<Error & { readonly code?: string }>;
  /** The record once it is so. @throws Error that shows the last one, after {@link patienceMs}. */
  until(sessionId: string, isSo: (snapshot: SessionSnapshot, record: SessionRecord) => boolean): Promise<SessionRecord>;
  /** The snapshot once nothing is outstanding. */
  settled(session: { readonly id: string }): Promise<SessionSnapshot>;
}

let apps = 0;

export async function openLab(
  server: AsteriskAccess & { readonly suite: AsteriskSuite },
  options: LabOptions = {},
): Promise<FaultLab> {
  const folder = await mkdtemp(join(tmpdir(), 'onrecord-faults-'));
  const { url, username, password, suite } = server;
  apps += 1;
  const app = options.app ?? `faults-${process.pid}-${apps}`;
  const log: LogLine[] = [];
  const sent: RecordingEvent[] = [];
  const thrown: unknown[] = [];
  const line =
    (level: LogLine['level']) =>
    (fields: object, message: string): void => {
      log.push({ level, message, fields: { ...fields } });
    };
  const logger: Logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const store = options.store ?? memorySessionStore();
  const driver = asterisk({
    url,
    username,
    password,
    app,
    server: suite,
    ...options.driver,
  }) as AsteriskDriver<'asterisk-22'>;
  const recorder = recorderFor(driver, {
    store,
    archive: filesystem(join(folder, 'archive')),
    logger,
    intervals: { ...quick, ...options.intervals },
    deadlines: options.deadlines,
    worker: options.worker,
    clock: options.clock,
    handlers: {
      any(event) {
        sent.push(event);
      },
    },
  });

  const until: FaultLab['until'] = async (sessionId, isSo) => {
    const signal = AbortSignal.timeout(patienceMs);
    let record = await store.load(sessionId);
    try {
      while (!record || !isSo(record.snapshot, record)) {
        record = await store.watch(sessionId, record?.revision ?? 0, { signal });
      }
    } catch (cause) {
      throw otherwise(record, cause);
    }
    return record;
  };

  function otherwise(record: SessionRecord | undefined, cause: unknown): Error {
    const told =
      record && everythingIn({ snapshot: record.snapshot, transfers: record.transfers, reports: record.reports });
    return new Error(`it did not come to that, but to ${told}\n${everythingIn(log)}`, { cause });
  }

  return {
    recorder,
    driver,
    app,
    store,
    log,
    get events() {
      return sent.map(({ type }) => type.replace(/^dev\.onrecord\.|\.v1$/g, ''));
    },
    eventsWith: (text) => sent.filter((event) => JSON.stringify(event).includes(text)),
    said: (level) =>
      log
        .filter((each) => each.level === 'error' || (level === 'warn' && each.level === 'warn'))
        .map((each) => `${each.level} ${each.message}`),
    async rejection(work) {
      const late = new AbortController();
      const hung = systemClock.delay(patienceMs, { signal: late.signal }).then(() => {
        throw new Error(`still nothing after ${patienceMs} ms: it hangs`);
      });
      hung.catch(() => {});
      const error = await Promise.race([
        work.then(
          (value) => new Error(`nothing was thrown, but it resolved with ${everythingIn(value)}`),
          (reason: unknown) => reason,
        ),
        hung,
      ]);
      late.abort();
      thrown.push(error);
      if (!(error instanceof Error)) throw new Error(`no error was thrown, but ${everythingIn(error)}`);
      return error;
    },
    until,
    async settled({ id }) {
      const session = await recorder.attach(id);
      try {
        return await session.settled({ signal: AbortSignal.timeout(patienceMs) });
      } catch (cause) {
        throw otherwise(await store.load(id), cause);
      }
    },
    async [Symbol.asyncDispose]() {
      await recorder.close();
      const records = await Promise.all((await store.list()).map((id) => store.load(id)));
      const files = await everythingBelow(folder);
      await store.close();
      await rm(folder, { recursive: true, force: true });
      refuseSecrets(
        [...secretForms({ username, password }), ...secretForms({ username, password, ...given(options) })],
        {
          'the log': everythingIn(log),
          'an event': everythingIn(sent),
          'an error': everythingIn(thrown),
          'a record': everythingIn(records),
          'the driver': everythingIn(driver),
          'the recorder': everythingIn(recorder),
          'a stored file': files,
        },
      );
    },
  };
}

/** What a test configures otherwise is as secret. */
function given({ driver: { username, password } = {} }: LabOptions): {
  readonly username?: string;
  readonly password?: string;
} {
  return { ...(username === undefined ? {} : { username }), ...(typeof password === 'string' ? { password } : {}) };
}

/** The file of this role. @throws Error where there is none, or more than one. */
export function fileOf(
  { artifacts }: SessionSnapshot,
  role: Artifact['role'],
  isOne: (artifact: Artifact) => boolean = () => true,
): Artifact {
  const found = artifacts.filter((artifact) => artifact.role === role && isOne(artifact));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} files are ${role}: ${everythingIn(artifacts)}`);
  return only;
}
