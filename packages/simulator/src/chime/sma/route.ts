import type { CallEngine } from './call-engine.ts';
import type { Lambda } from './lambda.ts';
import type { InvocationEventType } from './sma-event.ts';

/** A SIP media application as a call sees it. */
export interface Target {
  readonly applicationId: string;
  readonly accountId: string;
  readonly region: string;
  readonly lambda: Lambda;
  /** The call is this application's from now on: updates through it reach the call. */
  readonly adopt: (call: CallEngine) => void;
}

/** What the documentation leaves open about a SIP rule with several targets; every default is stated. */
export interface FailoverOptions {
  /**
   * Which invocations, when they fail for good, hand the call to the next target: only that of the new call, which is
   * what the documentation describes, or any. @default 'new-call'
   */
  readonly handsOver?: 'new-call' | 'any-event' | undefined;
  /** Whether the next target gets the event under the same Sequence, or under the next one. @default 'same' */
  readonly sequence?: 'same' | 'next' | undefined;
}

/** The applications that a call may go to, in the order of their priority, and the one that it is at. */
export class Route {
  readonly #targets: readonly Target[];
  readonly #options: FailoverOptions;
  #at = 0;

  /** @throws Error without a target. */
  constructor(targets: readonly Target[], options: FailoverOptions = {}) {
    if (targets.length === 0) throw new Error('a call needs a SIP media application to go to');
    this.#targets = targets;
    this.#options = options;
  }

  get current(): Target {
    const target = this.#targets[this.#at];
    if (!target) throw new Error('unreachable: the route has a target');
    return target;
  }

  get countsAgain(): boolean {
    return this.#options.sequence === 'next';
  }

  /** Goes on to the next target after an event that nobody answered. False where there is none, or none is tried. */
  goOn(failed: InvocationEventType): boolean {
    if (this.#at + 1 >= this.#targets.length) return false;
    if (failed !== 'NEW_INBOUND_CALL' && this.#options.handsOver !== 'any-event') return false;
    this.#at += 1;
    return true;
  }
}
