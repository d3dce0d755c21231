import type { Random } from './random.ts';

/** How a kind of provider answers, confirms and forgets. Times in milliseconds of true time. */
export interface ProviderTraits {
  readonly name: string;
  /** The answer to a command shows its effect. */
  readonly actsInAnswer: boolean;
  /** A later turn reports each command by its id, without any time. */
  readonly reportsByTurn: boolean;
  /** Each change is pushed, tied to no command. */
  readonly pushes: boolean;
  /** Whether it can be asked, and how long the answer for a recording that is over is still `false` instead of `ended`. */
  readonly status: false | { readonly lingersMs: number };
  /** Longest time from taking a command to its effect; commands take effect in the order they were taken. */
  readonly settlesMs: number;
  readonly canPause: boolean;
  readonly canStartPaused: boolean;
}

export const answering: ProviderTraits = {
  name: 'answers (Asterisk-like)',
  actsInAnswer: true,
  reportsByTurn: false,
  pushes: true,
  status: { lingersMs: 0 },
  settlesMs: 0,
  canPause: true,
  canStartPaused: false,
};

export const turning: ProviderTraits = {
  name: 'reports in a later turn (SMA-like)',
  actsInAnswer: false,
  reportsByTurn: true,
  pushes: false,
  status: false,
  settlesMs: 6_000,
  canPause: true,
  canStartPaused: false,
};

export const settling: ProviderTraits = {
  name: 'settles later, two-valued status (Azure-like)',
  actsInAnswer: false,
  reportsByTurn: false,
  pushes: true,
  status: { lingersMs: 8_000 },
  settlesMs: 10_000,
  canPause: true,
  canStartPaused: true,
};

export const segmenting: ProviderTraits = {
  name: 'cannot pause: parts (meeting-like)',
  actsInAnswer: false,
  reportsByTurn: false,
  pushes: true,
  status: { lingersMs: 0 },
  settlesMs: 5_000,
  canPause: false,
  canStartPaused: false,
};

/** One capture at the provider, as it truly is: the fold never sees this. */
export class TrueCapture {
  readonly #changes: { readonly at: number; readonly capturing: boolean; readonly ended: boolean }[] = [];
  #settled = 0;
  readonly #traits: ProviderTraits;
  readonly #random: Random;

  constructor(traits: ProviderTraits, random: Random) {
    this.#traits = traits;
    this.#random = random;
  }

  /** Takes a command at `now`; returns when its effect comes. */
  take(now: number, effect: 'capture' | 'hold' | 'end'): number {
    this.#settled = Math.max(this.#settled + 1, now + this.#random.next() * this.#traits.settlesMs);
    this.#change(this.#settled, effect === 'capture', effect === 'end');
    return this.#settled;
  }

  endCall(now: number): void {
    this.#change(now, false, true);
  }

  at(now: number): { readonly capturing: boolean; readonly ended: boolean; readonly endedAt: number } {
    let capturing = false;
    let endedAt = Number.POSITIVE_INFINITY;
    for (const change of this.#changes) {
      if (change.at > now) break;
      if (change.ended) {
        endedAt = change.at;
        capturing = false;
        break;
      }
      capturing = change.capturing;
    }
    return { capturing, ended: endedAt <= now, endedAt };
  }

  #change(at: number, capturing: boolean, ended: boolean): void {
    this.#changes.push({ at, capturing, ended });
    this.#changes.sort((left, right) => left.at - right.at);
  }
}
