import type { Command } from '../../commands/command.ts';
import { correlationOf, type Report, type Seen } from '../../report/report.ts';
import type { EventQueue } from './event-queue.ts';
import { type ProviderTraits, TrueCapture } from './provider-model.ts';
import type { Random } from './random.ts';
import { at, sessionId } from './session.ts';
import type { Trouble } from './trouble.ts';

/** A moment of true time as text. */
export function moment(ms: number): string {
  return at(Math.round(ms) / 1_000);
}

/** A provider with its truth. It says what it does, or loses, doubles and delays it on the way. */
export class SimulatedProvider {
  /** Reports that nothing will ever bring again. */
  lostForGood = 0;
  callEndsAt = Number.POSITIVE_INFINITY;
  readonly captures = new Map<string, TrueCapture>();
  /** When each command took effect. */
  readonly effectAt = new Map<string, number>();
  readonly #answers = new Map<string, 'accepted' | 'refused'>();
  readonly #traits: ProviderTraits;
  readonly #trouble: Trouble;
  readonly #random: Random;
  readonly #queue: EventQueue;
  readonly #startPaused: boolean;
  readonly #arrived: (report: Report) => void;
  #messages = 0;

  constructor(
    traits: ProviderTraits,
    trouble: Trouble,
    random: Random,
    options: {
      readonly queue: EventQueue;
      readonly startPaused: boolean;
      readonly arrived: (report: Report) => void;
    },
  ) {
    this.#traits = traits;
    this.#trouble = trouble;
    this.#random = random;
    this.#queue = options.queue;
    this.#startPaused = options.startPaused;
    this.#arrived = options.arrived;
  }

  /** Makes room for the capture of a part. */
  open(partId: string): void {
    this.captures.set(partId, new TrueCapture(this.#traits, this.#random));
  }

  /** Takes a request, once per token. */
  take(command: Command): 'accepted' | 'refused' {
    const known = this.#answers.get(command.token);
    if (known) return known;
    const capture = this.captures.get(command.partId)!;
    const over = capture.at(this.#queue.now).ended || this.callEndsAt <= this.#queue.now;
    const ends = command.sends === 'stop';
    const refused = over ? !ends : this.#random.chance(this.#trouble.refused);
    this.#answers.set(command.token, refused ? 'refused' : 'accepted');
    if (refused) return 'refused';
    if (over) return 'accepted';
    const effect = this.effectOf(command);
    const at = capture.take(this.#queue.now, effect);
    this.effectAt.set(command.id, at);
    this.#queue.later(at - this.#queue.now, () => {
      if (capture.at(at).endedAt < at) return;
      if (this.#traits.pushes) this.#push(command.partId, effect);
      if (this.#traits.reportsByTurn) this.#turn(command, effect);
    });
    return 'accepted';
  }

  effectOf({ sends }: Command): 'capture' | 'hold' | 'end' {
    if (sends === 'stop') return 'end';
    return sends === 'resume' || (sends === 'start' && !this.#startPaused) ? 'capture' : 'hold';
  }

  /** What the answer itself shows, where the provider acts in it. */
  answer(command: Command): Report | undefined {
    if (!this.#traits.actsInAnswer) return undefined;
    const seen = effectSeen(this.effectOf(command));
    const { skewMs } = this.#trouble;
    const clock: Report['clock'] =
      skewMs === undefined ? { domain: 'ours', at: moment(this.#queue.now) } : this.#clock();
    return this.#report(command.partId, seen, { commandId: command.id }, 'answer', clock);
  }

  endCall(): void {
    for (const [partId, capture] of this.captures) {
      if (capture.at(this.#queue.now).ended) continue;
      capture.endCall(this.#queue.now);
      if (this.#traits.pushes) this.#push(partId, 'end');
      if (!this.#traits.reportsByTurn) continue;
      const seen: Seen = { ended: true, endReason: 'call-ended' };
      this.#deliver(100, this.#report(partId, seen, { unattributed: true }, 'turn', { domain: 'none' }));
    }
  }

  /** Says again how each capture stands. */
  repeat(): void {
    if (!this.#traits.pushes) return;
    for (const [partId, capture] of this.captures) {
      const { capturing, ended } = capture.at(this.#queue.now);
      this.#push(partId, ended ? 'end' : capturing ? 'capture' : 'hold');
    }
  }

  /** Answers a question about a part, some time after it was asked. `sure`: neither lost nor slow. */
  poll(partId: string, asOfOrdinal: number, { sure }: { readonly sure: boolean }): void {
    if (this.#traits.status === false) return;
    const { lingersMs } = this.#traits.status;
    this.#queue.later(this.#random.between(5, 2_000), () => {
      const truth = this.captures.get(partId)!.at(this.#queue.now);
      if (!sure && this.#random.chance(0.1)) return;
      const gone = truth.ended && this.#queue.now >= truth.endedAt + lingersMs;
      const byCall = this.callEndsAt <= truth.endedAt ? ({ endReason: 'call-ended' } as const) : {};
      const seen: Seen = gone ? { ended: true, ...byCall } : { capturing: truth.capturing };
      const slowest = !sure && this.#random.chance(0.1) ? 10_000 : 1_000;
      const report = this.#report(partId, seen, { asOfOrdinal }, 'poll', { domain: 'none' });
      this.#deliver(this.#random.between(5, slowest), report);
    });
  }

  #turn(command: Command, effect: 'capture' | 'hold' | 'end'): void {
    if (this.#random.chance(this.#trouble.turnLost)) {
      this.lostForGood++;
      return;
    }
    const cause = { commandId: command.id };
    const report = this.#report(command.partId, effectSeen(effect), cause, 'turn', { domain: 'none' });
    this.#deliver(this.#random.between(50, 3_000), report);
  }

  #push(partId: string, effect: 'capture' | 'hold' | 'end'): void {
    const { pushLost, pushDoubled, pushLate } = this.#trouble;
    const twoValued = this.#traits.status !== false && this.#traits.status.lingersMs > 0;
    const seen: Seen = twoValued ? { capturing: effect === 'capture' } : effectSeen(effect);
    const delay = () =>
      this.#random.chance(pushLate) ? this.#random.between(5_000, 60_000) : this.#random.between(20, 3_000);
    const first = this.#report(partId, seen, { unattributed: true }, 'push', this.#clock());
    if (!this.#random.chance(pushLost)) this.#deliver(delay(), first);
    if (!this.#random.chance(pushDoubled)) return;
    const reportId = this.#random.chance(0.5) ? first.reportId : `r${++this.#messages}`;
    this.#deliver(delay() + delay(), { ...first, reportId });
  }

  /** The provider's own clock, where its messages carry a time. */
  #clock(): Report['clock'] {
    const { skewMs } = this.#trouble;
    if (skewMs === undefined) return { domain: 'none' };
    return { domain: 'provider:x', at: moment(this.#queue.now + skewMs) };
  }

  #deliver(delayMs: number, report: Report): void {
    this.#queue.later(delayMs, () => this.#arrived({ ...report, receivedAt: moment(this.#queue.now) }));
  }

  #report(partId: string, seen: Seen, cause: Report['cause'], via: Report['via'], clock: Report['clock']): Report {
    const reportId = `r${++this.#messages}`;
    const subject = { correlation: correlationOf(sessionId, partId) };
    return { reportId, subject, seen, cause, clock, via, receivedAt: moment(this.#queue.now) };
  }
}

function effectSeen(effect: 'capture' | 'hold' | 'end'): Seen {
  return effect === 'end' ? { ended: true } : { capturing: effect === 'capture' };
}
