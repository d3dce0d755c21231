import type { CommandKind } from '../commands/command.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { Container } from '../format/output.ts';
import type { ReleaseReceipt } from '../report/report.ts';
import type { ArtifactState, EndReason, PartState, SessionState, Verdict } from '../states/states.ts';
import type { Track } from '../track/track.ts';

/** How exactly a moment is known: told by the provider's metadata, by a confirmation, or only by our request. */
export type Precision = 'provider' | 'confirmed' | 'requested';

export interface PartSnapshot {
  readonly id: string;
  readonly kind: 'leg' | 'segment';
  readonly state: PartState;
  /** The last confirmed answer to "is media being captured?"; absent before the first. */
  readonly capturing?: boolean | undefined;
  /** RFC 3339 moments and how well they are known. */
  readonly startedAt?: string | undefined;
  readonly startPrecision?: Precision | undefined;
  readonly endedAt?: string | undefined;
  readonly endReason?: EndReason | undefined;
}

/** What became of a command. */
export interface CommandOutcome {
  readonly id: string;
  readonly ordinal: number;
  readonly kind: CommandKind;
  readonly partId: string;
  readonly state: 'recorded' | 'accepted' | 'confirmed' | 'refused' | 'timed-out';
  /** When it took effect, as well as it is known. */
  readonly at?: string | undefined;
  readonly precision?: Precision | undefined;
  /** Which report proved it. */
  readonly provenBy?: string | undefined;
  readonly error?: { readonly code: ErrorCode; readonly message: string } | undefined;
}

/** A stretch of wall time during which nothing of the call was captured. */
export interface PauseInterval {
  readonly from: string;
  /** Absent while the pause lasts. */
  readonly to?: string | undefined;
  readonly precision: Precision;
  readonly effect: 'omitted' | 'silence' | 'segmented';
  readonly partId: string;
}

/** One file that exists or should. */
export interface Artifact {
  /** Stable within the session. */
  readonly id: string;
  /** `MediaSighting.key`. */
  readonly mediaKey: string;
  readonly partId: string;
  readonly role: 'master' | 'segment' | 'track' | 'manifest' | 'metadata' | 'derived';
  readonly state: ArtifactState;
  /** Where it can be read: the archive once stored, else where the provider put it. */
  readonly location: string;
  /** Where the provider put it. */
  readonly source: string;
  readonly container?: Container | undefined;
  readonly mediaType?: string | undefined;
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly channels?: number | undefined;
  readonly sampleRateHz?: number | undefined;
  /** As the file names it, e.g. `pcm_s16le`, `opus`. */
  readonly codec?: string | undefined;
  readonly expiresAt?: string | undefined;
  /** A side output: the provider keeps it until it expires, and nothing here archives it. */
  readonly side?: true | undefined;
  readonly tracks: readonly Track[];
  /** Id of the artifact that it was made from. */
  readonly derivedFrom?: string | undefined;
  /** What became of the provider's own copy, once it was to go. */
  readonly released?: ReleaseReceipt | undefined;
  /** What is wrong with a file that breaks off and is kept as it is. */
  readonly problem?: string | undefined;
}

/** Something that contradicts the model and that an operator should see. */
export interface Anomaly {
  readonly code:
    | 'report-after-terminal'
    | 'uncommanded-pause'
    | 'uncommanded-resume'
    | 'uncommanded-end'
    | 'unknown-inactive'
    | 'capturing-uncontrolled'
    | 'command-timed-out'
    | 'contradiction'
    | 'secure-abandoned'
    | 'duration-mismatch'
    | 'broken-off'
    | 'invalid-answer'
    | 'side-failed';
  readonly message: string;
  readonly partId?: string | undefined;
  readonly reportId?: string | undefined;
}

/** What a session is, derived from its record: the same for every process that reads it. */
export interface SessionSnapshot {
  readonly state: SessionState;
  readonly endReason?: EndReason | undefined;
  /** Every state passed through so far, in order; skipped ones are inserted as `inferred`. */
  readonly history: readonly { readonly state: SessionState; readonly inferred: boolean }[];
  readonly parts: readonly PartSnapshot[];
  readonly commands: readonly CommandOutcome[];
  readonly pauses: readonly PauseInterval[];
  readonly artifacts: readonly Artifact[];
  readonly verdict: Verdict;
  readonly emulated: readonly string[];
  readonly anomalies: readonly Anomaly[];
}
