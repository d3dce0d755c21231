import type { Announcement, Consent } from '../call/announcement.ts';
import type { CallNotice } from '../call/call-notice.ts';
import type { CallKind, CallRef } from '../call/call-ref.ts';
import type { Capabilities, PauseEffect } from '../capabilities/capabilities.ts';
import type { Clock } from '../clock.ts';
import type { Classification } from '../errors/codes.ts';
import type { OnRecordError } from '../errors/index.ts';
import type { Output } from '../format/output.ts';
import type { Json, JsonObject } from '../json.ts';
import type { MediaSighting, Report } from '../report/report.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { ObjectInfo } from '../storage/storage-driver.ts';

/** What every driver call gets. */
export interface DriverContext {
  /** Aborted when the deadline passes or the caller gives up. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /**
   * Opens what the provider left in a store of ours, from byte `first` on; given to {@link RecordingDriver.doFinalize}.
   * Undefined where no registered store holds that URI.
   * @throws OnRecordError `not-found`, or whatever the store answers.
   */
  readonly openLanded?:
    | ((
        uri: string,
        options: { readonly first?: number | undefined; readonly signal: AbortSignal },
      ) => Promise<OpenedMedia | undefined>)
    | undefined;
  /**
   * Lists what the provider left in a store of ours, in the order of names: everything whose URI begins with `prefix`. Given
   * to {@link RecordingDriver.doFinalize}. Undefined where no registered store holds that place. What it throws is what the
   * store answers.
   */
  readonly listLanded?:
    | ((prefix: string, options: { readonly signal: AbortSignal }) => AsyncIterable<ObjectInfo> | undefined)
    | undefined;
}

/** The command a driver is told to carry out, so that its reports can name it. */
export interface CommandToken {
  readonly commandId: string;
  readonly ordinal: number;
  /** Idempotency token and first-sent time: the same at every repetition, from any process. */
  readonly token: string;
  readonly firstSentAt: string;
}

/** A part as the driver may know it. */
export interface PartTarget {
  readonly sessionId: string;
  readonly partId: string;
  /** `<sessionId>.<partId>`: to be carried by the recording wherever the provider lets it. */
  readonly correlation: string;
  readonly call: CallRef;
  readonly output: Output;
  /** What a pause is to do to the file; absent where nothing can pause. */
  readonly pauseEffect?: PauseEffect | undefined;
  readonly handle?: Json | undefined;
  readonly facts?: { readonly [name: string]: Json } | undefined;
  /** It failed before anything was captured: there is no file to be made of it. */
  readonly failed?: true | undefined;
}

/** When a part began and ended as far as is known: RFC 3339, the moments of its snapshot and of our requests. */
export interface PartTimes {
  /** When its start was first sent: nothing of it can be older. */
  readonly sentAt: string;
  /** When it had surely begun; undefined while that is open. */
  readonly begunBy?: string | undefined;
  readonly endedAt?: string | undefined;
}

export interface StartPlan extends PartTarget {
  readonly command: CommandToken;
  readonly startPaused: boolean;
  readonly maxDurationMs?: number | undefined;
  readonly consent?: Consent | undefined;
  /** The driver's own options, validated by it, strictly. */
  readonly providerOptions?: JsonObject | undefined;
}

/** What an answer meant: it is done and proven, or only accepted. */
export type Outcome =
  | {
      readonly kind: 'done';
      readonly handle?: Json | undefined;
      readonly providerKeys?: readonly string[] | undefined;
      readonly reports: readonly Report[];
    }
  | {
      readonly kind: 'accepted';
      readonly handle?: Json | undefined;
      readonly providerKeys?: readonly string[] | undefined;
      readonly reports?: readonly Report[] | undefined;
    };

/** An external message, exactly as received. Hostile until the driver has checked its authenticity. */
export interface InboundRequest {
  readonly transport: 'http' | 'queue' | 'socket' | 'lambda';
  readonly method?: string | undefined;
  /** Public URL as the provider addressed it, from configuration and path; never built from a `Host` header. */
  readonly url?: string | undefined;
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: Uint8Array;
}

/** An answer that the provider waits for, e.g. a handshake. */
export interface HandshakeResponse {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly body?: string | undefined;
}

/**
 * A recording that its provider began by itself. Everything else about it comes in reports: they name it by this key, and
 * the first that knows them brings its handle and further keys.
 */
export interface Adoption {
  /** Provider key that can be read from every message which may be the first one about the recording. */
  readonly providerKey: string;
  readonly call: CallRef;
  /** One of the driver's capabilities. */
  readonly output: Output;
  /** RFC 3339: when it began, as far as the message tells. */
  readonly startedAt?: string | undefined;
}

export interface Parsed {
  readonly reports: readonly Report[];
  readonly calls: readonly CallNotice[];
  /**
   * Recordings that began without us: each gets a session, once, unless one has its key already. Taken from webhooks
   * (`parse`) only; no provider with a socket has needed it yet.
   */
  readonly adopt?: readonly Adoption[] | undefined;
  /** Well-formed elements of a type this driver does not know: counted, never an error. */
  readonly unhandled: number;
  /**
   * Correlations of parts about which the provider should be asked at once: the message says that something happened,
   * and leaves open what is the case now.
   */
  readonly ask?: readonly string[] | undefined;
  /** What made no sense in a message that is taken all the same, for the log of whoever runs the webhook. */
  readonly problems?: readonly OnRecordError[] | undefined;
  readonly response?: HandshakeResponse | undefined;
}

/** Takes what a driver hears on a socket of its own. */
export interface DriverListener {
  /**
   * The connection stands, and nothing that happens from now on is missed. Something may have been before, so every part
   * that is not over is now asked about. A driver that can list the calls of its provider tells of them again: a notice
   * counts once, by its id.
   */
  opened(): void;
  /**
   * Resolves once everything in it is durable, or, while the store is out of reach, is kept in memory to be tried again: that
   * is no reason to break the connection. Messages are taken in the order of these calls, which need not wait for each
   * other. Rejects only once another worker may listen, when the connection is over anyway.
   */
  emit(parsed: Parsed): Promise<void>;
}

/** Facts about a file that its metadata tell. */
export type ObjectFacts = Pick<MediaSighting, 'durationMs' | 'channels' | 'mediaType'>;

/** What a provider said when it deleted a file. */
export interface DeletionReceipt {
  /** The provider's own name of the request. */
  readonly requestId?: string | undefined;
}

export interface OpenedMedia {
  /** Throws when the source breaks off; never ends early without an error. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Length of the whole file as the provider states it. */
  readonly bytes?: number | undefined;
  readonly contentType?: string | undefined;
}

/** What a driver is asked for at a start, and does not offer. */
export type StartWish = { readonly call: CallKind } | { readonly output: Output } | { readonly startPaused: true };

/** Sentences for whoever asks for what a driver lacks. */
export interface DriverLacks {
  readonly pause?: string | undefined;
  readonly discard?: string | undefined;
  /** How an announcement can be played on a call of a kind that the capabilities do not name, as an imperative sentence. */
  readonly announce?: string | undefined;
  /** Undefined where there is nothing to say beyond what the capabilities tell. */
  readonly start?: ((wish: StartWish) => string | undefined) | undefined;
}

/** What a driver knows of its surroundings when a recorder starts. */
export interface StartUpSetting {
  /** That of the recorder's `ingest`. */
  readonly publicUrl?: string | undefined;
  /** Epoch ms by the recorder's clock. Without it nothing is said that depends on the day. */
  readonly nowMs?: number | undefined;
}

/** One thing to say at start-up, with a name by which a script can tell it from others. */
export interface DriverNotice {
  /** Stable, in kebab-case and parts, e.g. `lifetime.standalone-end`. */
  readonly id: string;
  /** Whole sentences, without secrets. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string | undefined;
}

/**
 * The thin class that speaks to one provider. It validates nothing that core validates, keeps no state, and throws
 * what its SDK throws; core holds ids, states, retries, deadlines and redaction. Presence of an optional method must
 * agree with the capability literal.
 */
export interface RecordingDriver<C extends Capabilities = Capabilities, N = unknown> {
  readonly spec: 'onrecord.driver/v1';
  readonly type: string;
  readonly capabilities: C;
  /** Why a verb or a way to start is missing, in one sentence, for whoever asks for it all the same. */
  readonly lacks?: DriverLacks | undefined;
  /**
   * What to say at the start of a recorder: what the configuration lacks to learn of recordings, e.g. a webhook, and what
   * will change on a certain day. Asks nobody.
   */
  warnings?(setting: StartUpSetting): readonly (string | DriverNotice)[];
  /**
   * Looks at the options of a start before anything of it is written: what is refused here is in no record, such as a
   * secret in the wrong place. Asks nobody.
   * @throws OnRecordError `invalid-request`, `unsupported`
   */
  checkOptions?(options: JsonObject): void;
  /**
   * Sends the start. Throws before any request on options it cannot honour (`OnRecordError` `invalid-request` or
   * `unsupported`). An error classified `only-with-same-key` means the provider may have executed it.
   */
  doStart(plan: StartPlan, context: DriverContext): Promise<Outcome>;
  doPause?(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome>;
  doResume?(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome>;
  /** Idempotent: a part that is already over is `done`. */
  doStop(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome>;
  doDiscard?(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome>;
  /** Asks the provider. Reports name `asOfOrdinal` as their cause: the last ordinal accepted before the poll left. */
  doStatus?(
    part: PartTarget,
    poll: { readonly pollId: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<readonly Report[]>;
  /** Looks for a start whose answer was lost. `unknowable` where the provider offers no way. */
  doFind?(plan: StartPlan, context: DriverContext): Promise<Outcome | 'absent' | 'unknowable'>;
  /**
   * Work that makes the file appear after a part ended (concatenation). Called by the worker until it returns `done`;
   * idempotent by `part.facts`, which it extends through reports. Of a part that `failed` it is called only where its fact
   * `unfinished` is true: something else that belongs to the part is still to be ended.
   */
  doFinalize?(
    part: PartTarget,
    step: { readonly stepId: string; readonly token: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<Outcome>;
  /**
   * Connects once and receives events over a socket of its own; held by one worker at a time. Resolves when aborted,
   * rejects when it cannot connect or the connection breaks: the worker then connects again, with increasing waits.
   */
  doListen?(listener: DriverListener, context: DriverContext): Promise<void>;
  /**
   * Brings a running part up to date with who is on its call: begins a track for whoever joined late, and ends that of
   * one who left, which would record what they do elsewhere. Called when a participant joined or left, once a start or
   * resume is confirmed and after each {@link DriverListener.opened}; never while paused, and with no command on its way
   * to the part: one that comes meanwhile waits, five seconds at most. Idempotent.
   */
  doFollow?(part: PartTarget, context: DriverContext): Promise<readonly Report[]>;
  /** Plays the announcement; the notice `call.announced` with this id follows by event. */
  doAnnounce?(
    call: CallRef,
    announcement: Announcement,
    options: { readonly announcementId: string },
    context: DriverContext,
  ): Promise<void>;
  /**
   * Turns an external message into reports and notices. Checks authenticity first.
   * @throws OnRecordError `signature-invalid` (forged), `invalid-request` (malformed).
   */
  parse?(request: InboundRequest, context: DriverContext): Promise<Parsed>;
  /**
   * Keys under which reports may wait that name the call of a part and not the part (`subject.sharedKey`). Asks nobody.
   * Present together with {@link RecordingDriver.isAbout}.
   */
  sharedKeys?(part: PartTarget): readonly string[];
  /**
   * Whether such a report can be about this part. The worker asks it for parts without media that are over, or have no
   * handle, and takes a report over only where it fits no other part that shares the key and nothing else fits this one.
   * The times of a part and those of the report are of different clocks: say how far apart they may be.
   */
  isAbout?(part: PartTarget, times: PartTimes, report: Report): boolean;
  /**
   * What the provider wrote into the metadata of a file that it left in a store of ours: read where nothing else looks
   * into the file. Leaves out what makes no sense.
   */
  describeObject?(object: ObjectInfo): ObjectFacts;
  /** Opens media that the provider hosts (a URI of no registered store). */
  doOpenArtifact?(
    artifact: Artifact,
    options: { readonly range?: { readonly first: number } | undefined; readonly access?: JsonObject | undefined },
    context: DriverContext,
  ): Promise<OpenedMedia>;
  /** Deletes a file that the provider hosts; one that is gone already is success. May name its request, for the receipt. */
  doDeleteArtifact?(
    artifact: Artifact,
    options: { readonly access?: JsonObject | undefined },
    context: DriverContext,
    // biome-ignore lint/suspicious/noConfusingVoidType: most providers name no request, and their drivers return nothing.
  ): Promise<DeletionReceipt | void>;
  classifyError(error: unknown): Classification;
  /** The SDK clients beneath, typed: the escape hatch. */
  native(): N;
  close(): Promise<void>;
}
