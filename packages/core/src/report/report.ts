import type { ErrorCode } from '../errors/codes.ts';
import type { Container } from '../format/output.ts';
import type { Json } from '../json.ts';
import type { Anomaly } from '../session/snapshot.ts';
import type { EndReason } from '../states/states.ts';
import type { Track } from '../track/track.ts';

/** What became of the provider's own copy of a file that was moved. */
export interface ReleaseReceipt {
  /** `kept`: it could not be deleted by command, and stays as long as the provider keeps it. */
  readonly outcome: 'deleted' | 'kept';
  /** RFC 3339, on our clock: when the provider had answered. */
  readonly at: string;
  /** The provider's own name of the request, for its support. */
  readonly requestId?: string | undefined;
}

/** A finished file, or a piece of one, that somebody saw. */
export interface MediaSighting {
  /** Identity of the file: equal for every sighting of it (an Azure documentId, an S3 URI). */
  readonly key: string;
  readonly uri: string;
  /** `derived`: made from another file by the provider, which is no proof that the recording itself arrived. */
  readonly role: 'master' | 'segment' | 'track' | 'metadata' | 'manifest' | 'derived';
  readonly container?: Container | undefined;
  readonly mediaType?: string | undefined;
  readonly bytes?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly channels?: number | undefined;
  /** RFC 3339: after this the provider's copy is gone. */
  readonly expiresAt?: string | undefined;
  /**
   * Its store has long denied to have it, whoever told of it before. It stands until a later sighting says `false`; files
   * that are archived need it not, for their transfer tells.
   */
  readonly gone?: boolean | undefined;
  /** What the driver needs to open or delete it, e.g. a delete URL. */
  readonly access?: { readonly [name: string]: Json } | undefined;
  readonly tracks?: readonly Track[] | undefined;
  /**
   * Nobody will add to it or mend it: what is there now is all that there will be. Absent, a file that breaks off is
   * given time to become whole.
   */
  readonly final?: boolean | undefined;
  /**
   * A side output, which the provider keeps for a while beside the recording: listed with its expiry, never archived.
   * Nobody waits for it, and it proves nothing about the recording.
   */
  readonly side?: true | undefined;
  /** Position among the files of one part, from 0. */
  readonly index?: number | undefined;
  /** What became of this copy, the provider's, once ours was safe. */
  readonly released?: ReleaseReceipt | undefined;
  /**
   * Orders what is said of a file that is written again: of two sightings, the one whose version is the greater text
   * stands, whenever it arrived. Without it, the one that arrived last.
   */
  readonly version?: string | undefined;
}

/** Media that must appear: where, and how to tell that it did. */
export interface MediaExpectation {
  /** Either the exact place, or a prefix under which exactly the part's files appear. */
  readonly uri?: string | undefined;
  readonly prefix?: string | undefined;
  /** Files under the prefix whose names end so, without their extension, are others, e.g. `_enhanced`. */
  readonly except?: string | undefined;
  /**
   * Under the prefix appear as many files as the recording has, one after the other, so that none of them says that the
   * part is over. They are looked for once it is, until it is finalized, and told together when nothing new has come for
   * {@link WorkerIntervals.quietMs}; then the part has the fact `landed: true`.
   */
  readonly several?: true | undefined;
  readonly role: MediaSighting['role'];
  readonly container: Container;
  readonly tracks?: readonly Track[] | undefined;
}

/** A pause as the provider's own metadata tells it, in wall time. */
export interface PauseSighting {
  readonly from: string;
  readonly durationMs: number;
}

/** What was observed. Every member is optional: absence says nothing. */
export interface Seen {
  /** Whether media was being captured at the moment of observation. `false` is not "paused". */
  readonly capturing?: boolean | undefined;
  /** The part is over for good. Monotone: no later report takes it back. */
  readonly ended?: boolean | undefined;
  /** `lost` and `empty` also say that the provider has no file and will have none: nothing is waited for any more. */
  readonly endReason?: EndReason | undefined;
  /** The command that caused this report was refused. */
  readonly refused?: { readonly code: ErrorCode; readonly message: string } | undefined;
  readonly media?: readonly MediaSighting[] | undefined;
  readonly expects?: readonly MediaExpectation[] | undefined;
  readonly pauses?: readonly PauseSighting[] | undefined;
  /**
   * Something that contradicts what the provider promises and that an operator should see, in a sentence without
   * secrets or personal data; e.g. `invalid-answer` for an answer that makes no sense.
   */
  readonly anomaly?: { readonly code: Anomaly['code']; readonly message: string } | undefined;
  /** The provider's handle of the part, when this observation was the first to carry it. */
  readonly handle?: Json | undefined;
  /** More keys by which later events will name this part. */
  readonly providerKeys?: readonly string[] | undefined;
  /**
   * Facts a driver keeps for itself (e.g. the finalising pipeline's id), merged into the part. Some are read by the core:
   * `blockedBy: { command, action }` names what of the provider a command has to wait for, and its time-out says so;
   * `finalizeFor`, a text that changes whenever there is more for {@link RecordingDriver.doFinalize} to look at, has it
   * called again. Two
   * are written by it: `finalized`, and `landed` (see {@link MediaExpectation.several}).
   */
  readonly facts?: { readonly [name: string]: Json } | undefined;
}

/**
 * One observation from a provider or a store. It says what was seen, never a state: states are derived by the fold
 * from the set of all reports and commands.
 */
export interface Report {
  /** Identity: the same observation delivered twice carries the same id and counts once. */
  readonly reportId: string;
  /**
   * `correlation` is `<sessionId>.<partId>`, carried by the recording itself; `providerKey` is looked up. Where no session can
   * know that key beforehand, since the message names only the call of its recording, the report waits under `sharedKey`,
   * which several sessions may share, until one of them claims the `providerKey` (see `RecordingDriver.isAbout`).
   */
  readonly subject:
    | { readonly correlation: string }
    | { readonly providerKey: string; readonly sharedKey?: string | undefined };
  readonly seen: Seen;
  /**
   * Why we know: the command it answers; or, for a poll, the last ordinal accepted before the poll was *sent*; or
   * nothing ties it to a command.
   */
  readonly cause: { readonly commandId: string } | { readonly asOfOrdinal: number } | { readonly unattributed: true };
  /** Times of different domains are never compared. SMA events and Azure GET carry no time: `none`. */
  readonly clock: {
    readonly domain: 'ours' | `provider:${string}` | 'none';
    readonly at?: string | undefined;
    readonly sequence?: number | undefined;
  };
  readonly via: 'answer' | 'push' | 'poll' | 'turn' | 'storage';
  /** When we got it, on our clock; used for display, never for order. */
  readonly receivedAt: string;
}

/** `<sessionId>.<partId>`: what travels with a recording so that its events find their session. */
export function correlationOf(sessionId: string, partId: string): string {
  return `${sessionId}.${partId}`;
}

export function parseCorrelation(text: string): { readonly sessionId: string; readonly partId: string } | undefined {
  const match = /^([0-9a-f-]{36})\.(p[1-9]\d{0,4})$/.exec(text);
  return match ? { sessionId: match[1]!, partId: match[2]! } : undefined;
}
