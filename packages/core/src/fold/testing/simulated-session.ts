import { timestamp } from '../../clock.ts';
import type { Command, CommandKind } from '../../commands/command.ts';
import { correlationOf, type Report, type Seen } from '../../report/report.ts';
import { type PartRecord, type SessionRecord, sessionSchema } from '../../session/record.ts';
import type { SessionSnapshot } from '../../session/snapshot.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { type ProviderTraits, TrueCapture } from './provider-model.ts';
import type { Random } from './random.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** What goes wrong in a history. Probabilities, and times in milliseconds. */
export interface Trouble {
  readonly pushLost: number;
  readonly pushDoubled: number;
  readonly pushLate: number;
  readonly answerLost: number;
  readonly refused: number;
  readonly turnLost: number;
  /** Provider's clock minus ours; undefined = its messages carry no time. */
  readonly skewMs: number | undefined;
  readonly pollMs: number;
  readonly giveUpMs: number;
}

const sessionId = '00000000-0000-7000-8000-000000000000';
const call = { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} } as const;
const epoch = Date.UTC(2026, 0, 1);
const empty: SessionSnapshot = {
  state: 'requested',
  history: [],
  parts: [],
  commands: [],
  pauses: [],
  artifacts: [],
  verdict: 'pending',
  emulated: [],
  anomalies: [],
};

/** A host that records commands as the engine does, a provider with its truth, and a network between them. */
export class SimulatedSession {
  now = 0;
  lostForGood = 0;
  readonly commands: Open<Command>[] = [];
  readonly reports: Report[] = [];
  readonly parts: PartRecord[] = [];
  readonly captures = new Map<string, TrueCapture>();
  /** When each command took effect at the provider. */
  readonly effectAt = new Map<string, number>();
  snapshot: SessionSnapshot = empty;
  callEndsAt = Number.POSITIVE_INFINITY;
  readonly #events: { at: number; run: () => void }[] = [];
  readonly #answers = new Map<string, 'accepted' | 'refused'>();
  readonly #traits: ProviderTraits;
  readonly #trouble: Trouble;
  readonly #random: Random;
  readonly #startPaused: boolean;
  readonly #check: (session: SimulatedSession) => void;
  #messages = 0;

  constructor(
    traits: ProviderTraits,
    trouble: Trouble,
    random: Random,
    options: { readonly startPaused: boolean; readonly check: (session: SimulatedSession) => void },
  ) {
    this.#traits = traits;
    this.#trouble = trouble;
    this.#random = random;
    this.#startPaused = options.startPaused;
    this.#check = options.check;
  }

  /** Runs to `untilMs`, lets everything on its way arrive, and asks the provider a last time where it can be asked. */
  run(untilMs: number, callEndsAt: number): void {
    this.#later(0, () => this.#issue('start', 'start', this.#newPart()));
    this.#later(500, () => this.#plan(untilMs));
    if (this.#traits.status) this.#later(this.#trouble.pollMs, () => this.#pollAgain(untilMs));
    this.callEndsAt = callEndsAt;
    this.#later(callEndsAt, () => this.#endCall());
    this.#drain();
    if (!this.#traits.status) return;
    this.now += this.#traits.settlesMs + this.#traits.status.lingersMs;
    for (const { id } of this.parts) this.#poll(id, { sure: true });
    this.#drain();
  }

  record(reports: readonly Report[] = this.reports): SessionRecord {
    return {
      schema: sessionSchema,
      id: sessionId,
      revision: 1,
      provider: 'main',
      deployment: 'test',
      labels: {},
      idempotencyKey: 'key',
      requestDigest: 'digest',
      call,
      output: { media: 'audio', layout: 'mixed', container: 'wav' },
      startPaused: this.#startPaused,
      emulate: this.#traits.canPause ? [] : ['pause-by-segments'],
      archive: { mode: 'none' },
      createdAt: timestamp(epoch),
      parts: this.parts,
      commands: this.commands,
      reports,
      expectations: [],
      transfers: [],
      snapshot: empty,
      outbox: [],
      sequence: 0,
    };
  }

  #later(delayMs: number, run: () => void): void {
    if (Number.isFinite(delayMs)) this.#events.push({ at: this.now + delayMs, run });
  }

  #drain(): void {
    for (;;) {
      let first = 0;
      for (let index = 1; index < this.#events.length; index++) {
        if (this.#events[index]!.at < this.#events[first]!.at) first = index;
      }
      const [event] = this.#events.splice(first, 1);
      if (!event) return;
      this.now = Math.max(this.now, event.at);
      event.run();
    }
  }

  #time(): string {
    return timestamp(epoch + Math.round(this.now));
  }

  #refold(): void {
    this.snapshot = snapshotOf(this.record());
    this.#check(this);
  }

  #newPart(): string {
    const ordinal = this.parts.length + 1;
    const id = `p${ordinal}`;
    const kind = ordinal === 1 ? 'leg' : 'segment';
    this.parts.push({ id, ordinal, kind, call, keys: [], handle: id, createdAt: this.#time() });
    this.captures.set(id, new TrueCapture(this.#traits, this.#random));
    return id;
  }

  #plan(untilMs: number): void {
    if (this.now > untilMs) return;
    this.#later(this.#random.between(500, 8_000), () => this.#plan(untilMs));
    const { state, commands } = this.snapshot;
    const busy = commands.some((outcome) => outcome.state === 'recorded' || outcome.state === 'accepted');
    if (state === 'processing' || state === 'failed' || state === 'stopping' || state === 'completed') return;
    const part = this.parts.at(-1)!.id;
    if (this.#random.chance(0.06)) {
      this.#issue('stop', 'stop', part);
      return;
    }
    if (busy || this.#random.chance(0.2)) return;
    if (state === 'recording' || (state === 'starting' && this.#random.chance(0.7))) {
      this.#issue('pause', this.#traits.canPause ? 'pause' : 'stop', part);
    } else if (state === 'paused') {
      if (this.#traits.canPause) this.#issue('resume', 'resume', part);
      else this.#issue('resume', 'start', this.#newPart());
    }
  }

  #issue(kind: CommandKind, sends: CommandKind, partId: string): void {
    const ordinal = this.commands.length + 1;
    const at = this.#time();
    const id = `c${ordinal}`;
    const command: Open<Command> = { id, ordinal, kind, sends, partId, recordedAt: at, token: id, firstSentAt: at };
    this.commands.push(command);
    this.#refold();
    this.#send(command);
    this.#later(this.#trouble.giveUpMs, () => {
      const state = this.snapshot.commands.find(({ id }) => id === command.id)?.state;
      if (state !== 'recorded' && state !== 'accepted') return;
      command.timedOutAt = this.#time();
      this.#refold();
    });
  }

  /** Sends it, again and again while nothing is known of it; never later, since another command may be under way. */
  #send(command: Open<Command>): void {
    if (this.snapshot.commands.find(({ id }) => id === command.id)?.state !== 'recorded') return;
    const lost = this.#random.chance(this.#trouble.answerLost / 2);
    this.#later(this.#random.between(5, 300), () => {
      const answer = lost ? undefined : this.#take(command);
      this.#later(this.#random.between(5, 300), () => {
        if (answer === undefined || this.#random.chance(this.#trouble.answerLost / 2)) {
          command.answerLost = true;
          this.#later(3_000, () => this.#send(command));
        } else if (answer === 'accepted') {
          command.acceptedAt ??= this.#time();
        } else {
          command.refused ??= { code: 'invalid-state', message: 'Refused.', at: this.#time() };
        }
        if (answer === 'accepted' && this.#traits.actsInAnswer) this.#answerShows(command);
        this.#refold();
      });
    });
  }

  /** The provider takes a request, once per token. */
  #take(command: Command): 'accepted' | 'refused' {
    const known = this.#answers.get(command.token);
    if (known) return known;
    const capture = this.captures.get(command.partId)!;
    const over = capture.at(this.now).ended || this.callEndsAt <= this.now;
    const ends = command.sends === 'stop';
    const refused = over ? !ends : this.#random.chance(this.#trouble.refused);
    this.#answers.set(command.token, refused ? 'refused' : 'accepted');
    if (refused) return 'refused';
    if (over) return 'accepted';
    const effect = ends ? 'end' : this.#wants(command) ? 'capture' : 'hold';
    const at = capture.take(this.now, effect);
    this.effectAt.set(command.id, at);
    this.#later(at - this.now, () => {
      if (capture.at(at).endedAt < at) return;
      if (this.#traits.pushes) this.#push(command.partId, effect);
      if (this.#traits.reportsByTurn)
        this.#turn(command, effect === 'end' ? { ended: true } : { capturing: effect === 'capture' });
    });
    return 'accepted';
  }

  #wants({ sends }: Command): boolean {
    return sends === 'resume' || (sends === 'start' && !this.#startPaused);
  }

  #answerShows(command: Command): void {
    const seen: Seen = command.sends === 'stop' ? { ended: true } : { capturing: this.#wants(command) };
    this.reports.push(
      this.#report(command.partId, seen, { commandId: command.id }, 'answer', { domain: 'ours', at: this.#time() }),
    );
  }

  #turn(command: Command, seen: Seen): void {
    if (this.#random.chance(this.#trouble.turnLost)) {
      this.lostForGood++;
      return;
    }
    this.#arrive(this.#random.between(50, 3_000), command.partId, seen, { commandId: command.id }, 'turn', {
      domain: 'none',
    });
  }

  #push(partId: string, effect: 'capture' | 'hold' | 'end'): void {
    const { skewMs, pushLost, pushDoubled, pushLate } = this.#trouble;
    const twoValued = this.#traits.status !== false && this.#traits.status.lingersMs > 0;
    const seen: Seen = effect === 'end' && !twoValued ? { ended: true } : { capturing: effect === 'capture' };
    const clock: Report['clock'] =
      skewMs === undefined
        ? { domain: 'none' }
        : { domain: 'provider:x', at: timestamp(epoch + Math.round(this.now + skewMs)) };
    const delay = () =>
      this.#random.chance(pushLate) ? this.#random.between(5_000, 60_000) : this.#random.between(20, 3_000);
    const first = this.#report(partId, seen, { unattributed: true }, 'push', clock);
    if (!this.#random.chance(pushLost)) this.#deliver(delay(), first);
    if (!this.#random.chance(pushDoubled)) return;
    const reportId = this.#random.chance(0.5) ? first.reportId : `r${++this.#messages}`;
    this.#deliver(delay() + delay(), { ...first, reportId });
  }

  #endCall(): void {
    for (const [partId, capture] of this.captures) {
      if (capture.at(this.now).ended) continue;
      capture.endCall(this.now);
      if (this.#traits.pushes) this.#push(partId, 'end');
      if (this.#traits.reportsByTurn) {
        this.#arrive(100, partId, { ended: true, endReason: 'call-ended' }, { unattributed: true }, 'turn', {
          domain: 'none',
        });
      }
    }
  }

  #pollAgain(untilMs: number): void {
    if (this.now > untilMs) return;
    this.#later(this.#random.between(0.3, 1.5) * this.#trouble.pollMs, () => this.#pollAgain(untilMs));
    this.#poll(this.parts.at(-1)!.id, { sure: false });
  }

  #poll(partId: string, { sure }: { readonly sure: boolean }): void {
    const accepted = this.commands.filter((command) => command.partId === partId && command.acceptedAt);
    if (accepted.length === 0 || this.#traits.status === false) return;
    const asOfOrdinal = Math.max(...accepted.map(({ ordinal }) => ordinal));
    const { lingersMs } = this.#traits.status;
    this.#later(this.#random.between(5, 2_000), () => {
      const truth = this.captures.get(partId)!.at(this.now);
      const ended = truth.ended && this.now >= truth.endedAt + lingersMs;
      if (!sure && this.#random.chance(0.1)) return;
      const seen: Seen = ended
        ? { ended: true, ...(this.callEndsAt <= truth.endedAt ? { endReason: 'call-ended' as const } : {}) }
        : { capturing: truth.capturing };
      const delay = !sure && this.#random.chance(0.1) ? 10_000 : 1_000;
      this.#arrive(this.#random.between(5, delay), partId, seen, { asOfOrdinal }, 'poll', { domain: 'none' });
    });
  }

  #arrive(
    delayMs: number,
    partId: string,
    seen: Seen,
    cause: Report['cause'],
    via: Report['via'],
    clock: Report['clock'],
  ): void {
    this.#deliver(delayMs, this.#report(partId, seen, cause, via, clock));
  }

  #deliver(delayMs: number, report: Report): void {
    this.#later(delayMs, () => {
      this.reports.push({ ...report, receivedAt: this.#time() });
      this.#refold();
    });
  }

  #report(partId: string, seen: Seen, cause: Report['cause'], via: Report['via'], clock: Report['clock']): Report {
    const reportId = `r${++this.#messages}`;
    const subject = { correlation: correlationOf(sessionId, partId) };
    return { reportId, subject, seen, cause, clock, via, receivedAt: this.#time() };
  }
}
