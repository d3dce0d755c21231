import type { Consent } from '../call/announcement.ts';
import type { CallRef } from '../call/call-ref.ts';
import type { PauseEffect } from '../capabilities/capabilities.ts';
import type { Emulation } from '../capabilities/offer.ts';
import type { Command } from '../commands/command.ts';
import type { RecordingEvent } from '../events/event.ts';
import type { Output } from '../format/output.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Expectation } from '../ledger/expectation.ts';
import type { Report } from '../report/report.ts';
import type { SessionSnapshot } from './snapshot.ts';
import type { Transfer } from './transfer.ts';

/** Version of everything stored. A reader keeps unknown members and refuses a newer major without writing. */
export const sessionSchema = 'onrecord.session/v1';

/** One stretch of capture with its own provider handle: a leg, or a segment of an emulated pause. */
export interface PartRecord {
  /** `p1`, `p2`, … */
  readonly id: string;
  readonly ordinal: number;
  readonly kind: 'leg' | 'segment';
  readonly call: CallRef;
  /** The provider's handle, JSON, opaque to core; unknown until an answer or event carries it. */
  readonly handle?: Json | undefined;
  /** Facts the driver keeps for itself. */
  readonly facts?: { readonly [name: string]: Json } | undefined;
  /** Provider keys that name this part in events, besides its correlation. */
  readonly keys: readonly string[];
  readonly createdAt: string;
}

/** Where finished media must end up. */
export interface ArchivePolicy {
  /** `none`: settled means available at the provider or in the landing store. */
  readonly mode: 'none' | 'in-place' | 'copy' | 'move';
}

/** One event waiting for its sinks. */
export interface OutboxEntry {
  readonly event: RecordingEvent;
  readonly attempts: number;
  readonly nextAttemptAt?: string | undefined;
}

/**
 * A whole session as JSON: enough to go on in another process. Saved by compare-and-set; `snapshot` is the fold of the
 * rest and is never edited by hand.
 */
export interface SessionRecord {
  readonly schema: typeof sessionSchema;
  readonly id: string;
  /** Set by the store: 1 when created, one more with each save. */
  readonly revision: number;
  /** Name of the configured provider instance that records it, for the whole life of the session. */
  readonly provider: string;
  readonly deployment: string;
  readonly tenant?: string | undefined;
  readonly region?: string | undefined;
  /** At most 16; not for personal data. */
  readonly labels: { readonly [name: string]: string };
  readonly consent?: Consent | undefined;
  readonly retention?: JsonObject | undefined;
  readonly hold?: JsonObject | undefined;
  readonly idempotencyKey: string;
  /** Digest of the request, so that the same key with another request is a `conflict`, not a replay. */
  readonly requestDigest: string;
  readonly call: CallRef;
  readonly output: Output;
  readonly startPaused: boolean;
  readonly maxDurationMs?: number | undefined;
  readonly providerOptions?: JsonObject | undefined;
  /** What a pause does to the file, as far as the provider's capabilities say. */
  readonly pauseEffect?: PauseEffect | undefined;
  readonly emulate: readonly Emulation[];
  readonly archive: ArchivePolicy;
  readonly createdAt: string;
  readonly parts: readonly PartRecord[];
  readonly commands: readonly Command[];
  /** The set of observations, each naming its part by correlation. */
  readonly reports: readonly Report[];
  readonly expectations: readonly Expectation[];
  readonly transfers: readonly Transfer[];
  readonly snapshot: SessionSnapshot;
  readonly outbox: readonly OutboxEntry[];
  /** Sequence number of the last event published. */
  readonly sequence: number;
  /** Who works on it now, and until when; a worker that dies loses it by time. */
  readonly lease?: { readonly owner: string; readonly until: string } | undefined;
  /** When the worker must look at it next; absent = never again. */
  readonly dueAt?: string | undefined;
}
