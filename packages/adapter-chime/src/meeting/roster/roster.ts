import type { CallNotice, CallRef } from '@onrecord/core';
import { type Stay, type Step, staysOf } from './stays.ts';

/** A stay as it was told of: a moment in it, which stays in it whatever is heard later, and its end once that was told. */
interface Told {
  readonly moment: number;
  to: number | undefined;
}

interface Person {
  readonly steps: Step[];
  readonly told: Told[];
  /** When the last loss of their connection was heard of, on our clock. */
  lostHeardAt: number;
}

/** What is known of one meeting: who came and went, and what was told of it. */
export class Roster {
  readonly #call: CallRef;
  readonly #graceMs: number;
  readonly #people = new Map<string, Person>();
  /** Notices by the event that brought them: an event that comes again brings them again. */
  readonly #given = new Map<string, readonly CallNotice[]>();
  #endedAt: number | undefined;
  #waitsUntil = Number.NEGATIVE_INFINITY;

  constructor(call: CallRef, graceMs: number) {
    this.#call = call;
    this.#graceMs = graceMs;
  }

  get ended(): boolean {
    return this.#endedAt !== undefined;
  }

  /** Whether time alone makes news here: somebody whose connection was lost may still come back. */
  waits(now: number): boolean {
    return !this.ended && now < this.#waitsUntil;
  }

  /** What an event brought when it first came. */
  given(eventKey: string): readonly CallNotice[] | undefined {
    return this.#given.get(eventKey);
  }

  give(eventKey: string, notices: readonly CallNotice[]): readonly CallNotice[] {
    this.#given.set(eventKey, notices);
    return notices;
  }

  /** Somebody came or went; `now` is our clock, epoch ms. */
  note(attendeeId: string, step: Step, now: number): void {
    const person = this.#people.get(attendeeId) ?? { steps: [], told: [], lostHeardAt: now };
    person.steps.push(step);
    if (step.type === 'dropped') {
      person.lostHeardAt = now;
      this.#waitsUntil = Math.max(this.#waitsUntil, now + this.#graceMs);
    }
    this.#people.set(attendeeId, person);
  }

  /** The meeting is over, for everybody; the first end counts. */
  end(at: number): void {
    this.#endedAt = Math.min(at, this.#endedAt ?? at);
  }

  /** What can be told by now and was not yet. */
  news(now: number): readonly CallNotice[] {
    return [...this.#people].flatMap(([attendeeId, person]) => {
      const stays = staysOf(person.steps, this.#graceMs, this.#endedAt);
      const waits = !this.ended && now - person.lostHeardAt < this.#graceMs;
      return stays.flatMap((stay) => this.#newsOf(attendeeId, person, stay, waits));
    });
  }

  #newsOf(attendeeId: string, { told }: Person, stay: Stay, waits: boolean): readonly CallNotice[] {
    const beginning = stay.from !== Number.NEGATIVE_INFINITY;
    const known = told.filter(({ moment }) => stay.from <= moment && moment <= (stay.to ?? moment));
    const fresh: readonly Told[] =
      known.length > 0 ? [] : [{ moment: beginning ? stay.from : (stay.to ?? stay.from), to: undefined }];
    told.push(...fresh);
    const joined = beginning ? fresh.map(({ moment }) => this.#notice('joined', attendeeId, moment)) : [];
    const { to } = stay;
    if (to === undefined || (stay.lost && waits)) return joined;
    const open = [...known, ...fresh].filter((one) => one.to === undefined);
    // A late event can give a departure to another stay than the one that was told with it: that is news.
    const again = told.some((one) => one.to === to);
    for (const one of open) one.to = to;
    return [...joined, ...open.map(({ moment }) => this.#notice('left', attendeeId, to, again ? `/${moment}` : ''))];
  }

  #notice(what: 'joined' | 'left', participant: string, at: number, mark: string = ''): CallNotice {
    return {
      type: `call.participant-${what}`,
      noticeId: `chime-meeting/${this.#call.key}/${participant}/${what}/${at}${mark}`,
      call: this.#call,
      participant,
      at: new Date(at).toISOString(),
    };
  }
}
