import type { Announcement } from '../call/announcement.ts';
import type { CallRef } from '../call/call-ref.ts';
import type { Capabilities, PauseEffect } from '../capabilities/capabilities.ts';
import type { Emulation, Member, Narrow, Offer } from '../capabilities/offer.ts';
import type { Requirement } from '../capabilities/requirement.ts';
import type { Clock } from '../clock.ts';
import type { Deadlines } from '../commands/deadlines.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import type { EventSink } from '../events/event.ts';
import type { EventHandlers } from '../events/handlers-sink.ts';
import type { Flow, TurnStart } from '../flow/flow.ts';
import type { FlowHost } from '../flow/flow-host.ts';
import type { IngestTransport, ReceiveOptions } from '../ingest/receive.ts';
import type { Logger } from '../log.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import type { Worker } from '../worker/worker.ts';
import type { WorkerIntervals } from '../worker/worker-options.ts';
import type { Session, WaitOptions } from './session.ts';

/** What is to be recorded, and how. */
export interface StartRequest<O extends Offer = Offer> extends TurnStart<O> {
  readonly call: CallRef;
  /**
   * Makes a repeated start the same start: an equal key with an equal request returns the session that exists, with
   * another request it is a `conflict`. Default `<kind>:<key>#<n>`, n being the number of the start on this call.
   */
  readonly idempotencyKey?: string | undefined;
  readonly tenant?: string | undefined;
}

/** Where finished media goes: a store, or a store and what to do with the provider's copy. */
export type ArchiveOption =
  | StorageDriver
  | { readonly store: StorageDriver; readonly mode: 'in-place' | 'copy' | 'move' };

export interface RecorderInstance {
  readonly driver: RecordingDriver;
  readonly landing?: StorageDriver | undefined;
}

export interface RecorderOptions<E extends Emulation = never> {
  /** Default {@link memorySessionStore}: records are gone when the process is. */
  readonly store?: SessionStore | undefined;
  /** Default none: `settled()` then means that the file is available where the provider keeps it. */
  readonly archive?: ArchiveOption | undefined;
  /** Where the provider itself puts finished files, when it does not host them. */
  readonly landing?: StorageDriver | undefined;
  /** Name of the provider instance, kept in each session. Default the driver's type. */
  readonly instance?: string | undefined;
  /** Other instances whose sessions this recorder finishes: it starts nothing on them. */
  readonly draining?: Readonly<Record<string, RecorderInstance>> | undefined;
  /** Separates deployments that share providers. Default `default`. */
  readonly deployment?: string | undefined;
  readonly emulate?: readonly E[] | undefined;
  readonly handlers?: EventHandlers | undefined;
  readonly sinks?: readonly EventSink[] | undefined;
  /**
   * `true` (default): a worker in this process runs while sessions that it touched are not settled, and keeps the
   * process alive that long; for a provider with a socket, from the first start, attach, served flow or
   * {@link RecorderBase.listen} until the recorder is closed. `false`: another process runs one, or this one runs what
   * {@link RecorderBase.createWorker} makes. A {@link Worker}: somebody here runs it already.
   */
  readonly worker?: boolean | Worker | undefined;
  readonly intervals?: Partial<WorkerIntervals> | undefined;
  readonly clock?: Clock | undefined;
  readonly deadlines?: Partial<Deadlines> | undefined;
  readonly logger?: Logger | undefined;
  /** How {@link RecorderBase.ingest} treats requests. */
  readonly ingest?: ReceiveOptions | undefined;
}

/** What a recorder offers, and what it does without, for a log line at start-up. */
export interface StartUpReport {
  readonly instance: string;
  readonly driver: string;
  /** E.g. `audio/separate/wav`. */
  readonly output: string;
  /** What pauses do to the file unless a start says otherwise; absent where nothing can pause. */
  readonly pauseEffect?: PauseEffect | undefined;
  /** Emulations in force: marked in every session that uses them. */
  readonly emulated: readonly Emulation[];
  /** What the requirement prefers and the provider lacks. */
  readonly missing: readonly string[];
  /** What the driver had to say at the start: what it lacks to learn of recordings, and what will change on a certain day. */
  readonly warnings: readonly string[];
}

export interface RecorderBase<O extends Offer> extends AsyncDisposable {
  /** Name of the provider instance. */
  readonly instance: string;
  /** What the driver can do, and the emulations that are on. */
  readonly capabilities: Capabilities;
  /** Taken when a start names no output: the first that the requirement asks for and the provider offers. */
  readonly output: O['output'];
  /**
   * The same recorder, typed by what was asked for.
   * @throws OnRecordError `unsupported` listing everything that the provider lacks.
   */
  require<const R extends Requirement>(requirement: R): Recorder<Narrow<O, R>>;
  /**
   * Starts a recording, and waits until the provider confirms it.
   * @throws OnRecordError `unsupported` or `invalid-request` before any request leaves; `already-exists` (with the
   * session's id in the context) while the call is being recorded; `conflict`; `timeout` when it is not confirmed in
   * time, which does not mean that nothing records; or the provider's refusal.
   */
  start(request: StartRequest<O>, options?: WaitOptions): Promise<Session<O>>;
  /**
   * Takes up a session that any process started.
   * @throws OnRecordError `not-found`.
   */
  attach(sessionId: string): Promise<Session<O>>;
  /**
   * Runs a flow on the call notices and events of this recorder.
   * @throws OnRecordError `unsupported` when the provider does not meet the flow's requirement.
   */
  serve<const R extends Requirement>(flow: Flow<R>): FlowHost;
  /**
   * Begins to hear what the provider tells on a socket of its own, where it has one and this recorder runs a worker:
   * for programs that handle calls and have nothing to start yet. Resolves once it is heard, by this process or another
   * one, or cannot be now: then it is tried again and again. A start, an attach and a served flow begin it as well.
   */
  listen(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * A worker over the same store, instances, handlers, sinks and flows, for a process that runs it itself
   * (`worker: false`): with `run`, or with `tick` from a scheduler.
   */
  createWorker(): Worker;
  /**
   * Takes one webhook of this provider instance, or of a draining one; answers with a success only once everything in
   * it is durable.
   *
   * What a queue or a function of the provider's own cloud was handed goes here as well, as the body of a `Request`, with
   * that `transport`: who may send to those their own policies say, so drivers ask for no secret. Throw for an answer
   * that is not `ok`, and it is handed over again. Never name one for what came in over HTTP. Default `http`.
   */
  ingest(
    request: Request,
    options?: { readonly instance?: string | undefined; readonly transport?: IngestTransport | undefined },
  ): Promise<Response>;
  report(): StartUpReport;
  /** Ends the work in hand and closes the drivers; sessions stay as they are, and another process can go on. */
  close(): Promise<void>;
}

export interface RecorderAnnounce {
  /**
   * Asks the provider to play an announcement, and returns its id, which the notice `call.announced` will carry.
   * @throws OnRecordError `unsupported` for a call or a source on which the provider cannot.
   */
  announce(
    call: CallRef,
    announcement: Announcement,
    options?: { readonly announcementId?: string | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<string>;
}

/** Records calls of one provider instance; verbs that it lacks do not exist. */
export type Recorder<O extends Offer = Offer> = RecorderBase<O> & Member<O['announce'], RecorderAnnounce>;
