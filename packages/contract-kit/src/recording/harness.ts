import type {
  Announcement,
  CallRef,
  Capabilities,
  Clock,
  Flow,
  InboundRequest,
  Output,
  RecordingDriver,
  Requirement,
  SessionBase,
  SessionDiscard,
  SessionPause,
  SessionStore,
  StartRequest,
  WaitOptions,
} from '@onrecord/core';
import type { Subject } from '../case.ts';

/** What a recording subject declares of itself. Cases follow from it and from nothing else. */
export interface RecordingFacts {
  /** What the recorder offers: the driver's literal and the emulations that are on. */
  readonly capabilities: Capabilities;
  /**
   * How the provider tells us things: `events` may be held back, repeated and reordered; a `turns` provider waits for
   * the answer, so its messages can only be repeated; `none` where the driver fetches everything itself.
   */
  readonly inbound: 'events' | 'turns' | 'none';
  /** Whether events carry a proof of origin that the driver checks. */
  readonly authenticated: boolean;
  /** Whether the harness can decode what the provider writes; without it nothing about media is proven. */
  readonly media: boolean;
  /** Declared outputs that the provider behind the harness cannot make; nothing about them is proven. @default none */
  readonly unproven?: readonly { readonly output: Output; readonly why: string }[] | undefined;
  /** Whether the harness can lose the answer to a start. */
  readonly losesAnswers: boolean;
  /** What can be played on a call of the harness, which then says so. @default nothing, and no announcement is tried */
  readonly announcement?: Announcement | undefined;
}

/** The clock that provider, recorder and kit share: virtual, or the wall's where the provider is a real server. */
export interface KitClock extends Clock {
  /** Lets `ms` pass. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until `work` settles. @throws Error when that takes more than `limitMs`. */
  until<T>(work: Promise<T>, limitMs?: number): Promise<T>;
}

/** The `reference` speaker is the one whose leg or whose side of the call is recorded; the `other` is whom they talk to. */
export type Speaker = 'reference' | 'other';

/** A call of two people on the simulated, or real, platform. */
export interface KitCall {
  readonly ref: CallRef;
  /** From now on this is the speaker's voice: a sine of about −12 dBFS, or silence. */
  say(speaker: Speaker, toneHz: number | undefined): void;
  /** Everybody hangs up. A call that is over stays over. */
  end(): Promise<void>;
}

/** What became of a message that was handed to us. */
export interface Delivery {
  /** Whether we took it: a success status, or an answer to a turn. */
  readonly taken: boolean;
  /** What we answered, where the provider reads it. */
  readonly answer?: unknown;
}

export type Deliver = (request: InboundRequest) => Promise<Delivery>;

/** Stands between provider and us: it may deliver a message, later, twice, changed or never. */
export type Interceptor = (request: InboundRequest, deliver: Deliver) => Promise<Delivery>;

/** Decoded audio, one array of samples per channel. */
export interface Audio {
  readonly sampleRate: number;
  readonly channels: readonly Int16Array[];
}

/** What the kit uses of a session. Verbs may be missing at run time; it looks. */
export type KitSession = SessionBase & Partial<SessionPause> & Partial<SessionDiscard>;

/** What the kit uses of a recorder; every `Recorder`, however precisely typed, is one. */
export interface KitRecorder {
  readonly capabilities: Capabilities;
  start(request: StartRequest, options?: WaitOptions): Promise<KitSession>;
  attach(sessionId: string): Promise<KitSession>;
  require(requirement: Requirement): unknown;
  /** Needed where the facts name an announcement. */
  readonly announce?: ((call: CallRef, announcement: Announcement) => Promise<string>) | undefined;
  readonly serve?: ((flow: Flow) => unknown) | undefined;
  close(): Promise<void>;
}

/** One request as it reached the provider. */
export interface ProviderRequest {
  /** For messages only, e.g. `POST /calling/recordings`. */
  readonly name: string;
  /** `command` for what changes a recording, `query` for what only reads. */
  readonly kind: 'command' | 'query';
}

/** How the kit gets at one provider through one driver; for third parties to implement. */
export interface RecordingHarness {
  readonly clock: KitClock;
  readonly store: SessionStore;
  /**
   * A recorder with a worker and an archive, over a driver object of its own. Each call stands for another process: the
   * provider, the store and the archive stay.
   */
  recorder(): Promise<KitRecorder>;
  /** Two people talking. Nobody speaks until {@link KitCall.say}. */
  openCall(): Promise<KitCall>;
  /** A well-formed reference to a call that the provider does not know. */
  unknownCall(): CallRef;
  /** Everything the provider was asked since the harness was opened, in order, downloads and queries included. */
  requests(): readonly ProviderRequest[];
  /** How many recordings the provider ever began, by its own count. */
  recordings(): number;
  /** Puts an interceptor in the way of every message from the provider; undefined takes it away. */
  intercept(interceptor: Interceptor | undefined): void;
  /** The provider carries out the next start, and the answer is lost. Needed where `losesAnswers`. */
  loseNextAnswer?(): void;
  /** Forged variants of a genuine message, where altering headers and query is not enough. */
  forge?(genuine: InboundRequest): readonly InboundRequest[];
  /**
   * In ms: after this long without a command everything that a provider sends has arrived, and whatever would have
   * changed by itself has changed. A real server that tells everything at once needs no more than a few seconds.
   * Thirty times as long is waited at most for what has to happen. @default 120 000
   */
  readonly quietMs?: number;
  /** By how many ms a file may be shorter or longer than what was captured. @default 250 */
  readonly toleranceMs?: number;
  /** Reads a stored file by its URI. */
  read(location: string): Promise<Uint8Array>;
  /** Needed where `media`, for any container but WAV. */
  decode?(bytes: Uint8Array, container: string): Promise<Audio>;
}

export interface OpenOptions {
  /** Stands between the recorder and each driver object: how broken drivers are made. */
  readonly wrap?: (driver: RecordingDriver) => RecordingDriver;
}

/** A driver, its provider and what both declare. */
export interface RecordingSubject extends Subject<RecordingHarness, RecordingFacts> {
  open(options?: OpenOptions): Promise<RecordingHarness & { close(): Promise<void> }>;
}
