import type { Command, CommandKind } from '../../commands/command.ts';
import type { Report } from '../../report/report.ts';
import type { PartRecord, SessionRecord } from '../../session/record.ts';
import type { SessionSnapshot } from '../../session/snapshot.ts';
import { pauseHolds } from '../pause-holds.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { EventQueue } from './event-queue.ts';
import type { ProviderTraits } from './provider-model.ts';
import type { Random } from './random.ts';
import { call, session } from './session.ts';
import { moment, SimulatedProvider } from './simulated-provider.ts';
import type { Trouble } from './trouble.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A session against a simulated provider. It records and sends commands as the engine does: by the snapshot of the
 * moment, one in flight at a time, `stop` excepted; a command without an answer is sent again until something is known
 * of it, and given up at its deadline.
 */
export class SimulatedSession {
  readonly commands: Open<Command>[] = [];
  readonly reports: Report[] = [];
  readonly parts: PartRecord[] = [];
  readonly provider: SimulatedProvider;
  snapshot: SessionSnapshot = session().snapshot;
  readonly #queue = new EventQueue();
  readonly #traits: ProviderTraits;
  readonly #trouble: Trouble;
  readonly #random: Random;
  readonly #startPaused: boolean;
  readonly #check: (session: SimulatedSession) => void;

  /** `check` runs after every change of the record. */
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
    this.provider = new SimulatedProvider(traits, trouble, random, {
      queue: this.#queue,
      startPaused: options.startPaused,
      arrived: (report) => {
        this.reports.push(report);
        this.#refold();
      },
    });
  }

  get now(): number {
    return this.#queue.now;
  }

  /** Runs to `untilMs`, lets everything on its way arrive, and asks the provider a last time where it can be asked. */
  run(untilMs: number, callEndsAt: number): void {
    this.provider.callEndsAt = callEndsAt;
    this.#queue.later(0, () => this.#issue('start', 'start', this.#newPart()));
    this.#queue.later(500, () => this.#plan(untilMs));
    this.#queue.later(this.#trouble.pollMs, () => this.#pollAgain(untilMs));
    this.#queue.later(callEndsAt, () => this.provider.endCall());
    this.#queue.later(this.#trouble.repeatMs, () => this.#repeatAgain(untilMs));
    this.#queue.drain();
    if (!this.#traits.status) return;
    this.#queue.now += this.#traits.settlesMs + this.#traits.status.lingersMs;
    for (const { id } of this.parts) this.#poll(id, { sure: true });
    this.#queue.drain();
  }

  record(reports: readonly Report[] = this.reports): SessionRecord {
    return session({
      startPaused: this.#startPaused,
      emulate: this.#traits.canPause ? [] : ['pause-by-segments'],
      parts: this.parts,
      commands: this.commands,
      reports,
    });
  }

  #refold(): void {
    this.snapshot = snapshotOf(this.record());
    this.#check(this);
  }

  #stateOf(command: Command): string | undefined {
    return this.snapshot.commands.find(({ id }) => id === command.id)?.state;
  }

  #newPart(): string {
    const ordinal = this.parts.length + 1;
    const id = `p${ordinal}`;
    const kind = ordinal === 1 ? 'leg' : 'segment';
    this.parts.push({ id, ordinal, kind, call, keys: [], handle: id, createdAt: moment(this.now) });
    this.provider.open(id);
    return id;
  }

  #plan(untilMs: number): void {
    if (this.now > untilMs) return;
    this.#queue.later(this.#random.between(500, 8_000), () => this.#plan(untilMs));
    const { state, commands } = this.snapshot;
    const busy = commands.some((outcome) => outcome.state === 'recorded' || outcome.state === 'accepted');
    if (state === 'processing' || state === 'failed' || state === 'stopping' || state === 'completed') return;
    const live = this.snapshot.parts.findLast((part) => part.state !== 'ended' && part.state !== 'failed');
    const part = live?.id ?? this.parts.at(-1)!.id;
    if (this.#random.chance(0.06)) {
      this.#issue('stop', 'stop', part);
      return;
    }
    if (busy || this.#random.chance(0.2)) return;
    const unsure = state === 'starting' || (state === 'paused' && !pauseHolds(this.snapshot));
    if (state === 'recording' || (unsure && this.#random.chance(0.6))) {
      this.#issue('pause', this.#traits.canPause ? 'pause' : 'stop', part);
    } else if (state === 'paused') {
      if (this.#traits.canPause) this.#issue('resume', 'resume', part);
      else this.#issue('resume', 'start', this.#newPart());
    }
  }

  #issue(kind: CommandKind, sends: CommandKind, partId: string): void {
    const ordinal = this.commands.length + 1;
    const at = moment(this.now);
    const id = `c${ordinal}`;
    const command: Open<Command> = { id, ordinal, kind, sends, partId, recordedAt: at, token: id, firstSentAt: at };
    this.commands.push(command);
    this.#refold();
    this.#send(command);
    this.#queue.later(this.#trouble.giveUpMs, () => {
      const state = this.#stateOf(command);
      if (state !== 'recorded' && state !== 'accepted') return;
      command.timedOutAt = moment(this.now);
      this.#refold();
    });
  }

  #send(command: Open<Command>): void {
    if (this.#stateOf(command) !== 'recorded') return;
    const lost = this.#random.chance(this.#trouble.answerLost / 2);
    // Never slower than the earliest giving up: what was given up does not arrive later.
    this.#queue.later(this.#random.between(5, this.#random.chance(0.1) ? 2_500 : 300), () => {
      const answer = lost ? undefined : this.provider.take(command);
      const lostOnReturn = this.#random.chance(this.#trouble.answerLost / 2);
      this.#queue.later(this.#random.between(5, 300), () => this.#answered(command, lostOnReturn ? undefined : answer));
    });
  }

  #answered(command: Open<Command>, answer: 'accepted' | 'refused' | undefined): void {
    if (answer === undefined) {
      command.answerLost = true;
      this.#queue.later(3_000, () => this.#send(command));
    } else if (answer === 'refused') {
      command.refused ??= { code: 'invalid-state', message: 'Refused.', at: moment(this.now) };
    } else {
      command.acceptedAt ??= moment(this.now);
      const shown = this.provider.answer(command);
      if (shown) this.reports.push(shown);
    }
    this.#refold();
  }

  #repeatAgain(untilMs: number): void {
    if (this.now > untilMs) return;
    this.provider.repeat();
    this.#queue.later(this.#trouble.repeatMs, () => this.#repeatAgain(untilMs));
  }

  #pollAgain(untilMs: number): void {
    if (this.now > untilMs) return;
    this.#queue.later(this.#random.between(0.3, 1.5) * this.#trouble.pollMs, () => this.#pollAgain(untilMs));
    this.#poll(this.parts.at(-1)!.id, { sure: false });
  }

  #poll(partId: string, options: { readonly sure: boolean }): void {
    const accepted = this.commands.filter((command) => command.partId === partId && command.acceptedAt);
    if (accepted.length === 0) return;
    this.provider.poll(partId, Math.max(...accepted.map(({ ordinal }) => ordinal)), options);
  }
}
