import type { CallKind } from '../call/call-ref.ts';
import type { Output } from '../format/output.ts';

/** What a pause does to the file: time cut out, silence in its place, or the file ends and another begins. */
export type PauseEffect = 'omitted' | 'silence' | 'segmented';

/** `native` = the provider does it; `emulated` = OnRecord does it by other commands, and says so in record and report. */
export type Fidelity = 'native' | 'emulated';

export interface PauseCapability {
  readonly effects: readonly PauseEffect[];
  readonly fidelity: Fidelity;
  /** Whether a recording can begin paused. */
  readonly startPaused: boolean;
}

/** What an announcement is made from. */
export type AnnounceSource = 'text' | 'ssml' | 'file';

export interface AnnounceCapability {
  readonly fidelity: Fidelity;
  readonly sources: readonly AnnounceSource[];
  /** Call kinds on which it works; elsewhere `announce` is `unsupported`. */
  readonly on: readonly CallKind[];
}

/** How a command is confirmed: in its own answer, by an event, by asking, or in a later turn. */
export type Confirmation = 'answer' | 'push' | 'poll' | 'turn';

/**
 * What one driver and profile can do: the only source of truth for types, guards, contract cases, docs and messages.
 * Declare it `as const satisfies Capabilities`, so that the compiler knows it too.
 */
export interface Capabilities {
  readonly spec: 'onrecord.capabilities/v1';
  readonly calls: readonly CallKind[];
  /** The legal combinations; anything else is refused before a request leaves. */
  readonly outputs: readonly Output[];
  readonly pause: false | PauseCapability;
  readonly discard: false | Fidelity;
  readonly announce: false | AnnounceCapability;
  readonly starts: {
    readonly scope: 'leg' | 'call' | 'meeting';
    readonly concurrent: number | 'unlimited';
    readonly total: number | 'unlimited';
  };
  readonly confirms: {
    readonly start: readonly Confirmation[];
    readonly pause: readonly Confirmation[];
    readonly resume: readonly Confirmation[];
    readonly stop: readonly Confirmation[];
  };
  /** `direct` = the driver sends requests; `turn` = commands are put into the answer of an invocation. */
  readonly commandPlane: 'direct' | 'turn';
  /** Who holds finished media: the provider, a landing store of the user, or either. */
  readonly custody: 'provider' | 'landing' | 'either';
  /** Milliseconds the provider keeps its copy; absent where it does not host media. */
  readonly hostedForMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
  /** How an unanswered start is found again: repeat with the token, list, or not at all. */
  readonly lookup: 'token' | 'list' | 'none';
  /** Whether the provider can be asked for the state of a recording. */
  readonly status: boolean;
}

/** What a pause does to the file when nobody asks for a particular effect; undefined where nothing can pause. */
export function pauseEffectOf({ pause }: Pick<Capabilities, 'pause'>): PauseEffect | undefined {
  return pause === false ? undefined : pause.effects[0];
}
