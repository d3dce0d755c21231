/** Calls whose lists are remembered; the one that was silent longest is forgotten first. */
const mostCalls = 1_000;
/** How often a coming is told: with the list that brought it, and with one more, in case the first was in vain. */
const mostTold = 2;
/** Events of one call whose notices are remembered, for when they are delivered again. */
const mostGiven = 32;

export interface ParticipantList {
  readonly eventId: string;
  /** Orders the lists of one call; without it a list tells of nobody leaving. */
  readonly sequence: number | undefined;
  /** Raw ids of everybody who is there. */
  readonly people: readonly string[];
}

export interface PresenceChange {
  readonly type: 'call.participant-joined' | 'call.participant-left';
  /** Within the call: the same for each time that this coming or going is told. */
  readonly id: string;
  readonly person: string;
}

interface Stay {
  /** Tells it from earlier stays of the same person. */
  readonly mark: string;
  readonly told: number;
}

interface Attendance {
  /** By person; undefined once they left. */
  readonly stays: Map<string, Stay | undefined>;
  readonly given: Map<string, readonly PresenceChange[]>;
  last: number;
  closed: boolean;
}

/**
 * Who is on which call, as the lists that reached this process tell it.
 *
 * - Whoever is new is told as joined, and once more with the next list, by the same id: a notice that could not be handled
 *   is made up for.
 * - Whoever a later list lacks has left, which is told once, and is a new stay when they come back.
 * - A list that was overtaken by a later one says nothing.
 *
 * Limit: several processes that share the callbacks of a call, or one that began in the middle, tell of fewer departures
 * or of one twice. The first stay of everybody has the same id in each of them.
 */
export class Presence {
  readonly #calls = new Map<string, Attendance>();

  update(call: string, { eventId, sequence, people }: ParticipantList): readonly PresenceChange[] {
    const attendance = this.#attendanceOf(call);
    const given = attendance.given.get(eventId);
    if (given) return given;
    if (sequence !== undefined && sequence <= attendance.last) return [];
    const joined = [...new Set(people)].flatMap((person) => join(attendance, person, sequence));
    const left = sequence === undefined ? [] : leave(attendance, new Set(people), sequence);
    attendance.last = sequence ?? attendance.last;
    return give(attendance, eventId, [...joined, ...left]);
  }

  /** Our leg is down: others may stay on the call, so from now on nobody is told as leaving. */
  close(call: string): void {
    this.#attendanceOf(call).closed = true;
  }

  #attendanceOf(call: string): Attendance {
    const known = this.#calls.get(call);
    const attendance = known ?? { stays: new Map(), given: new Map(), last: Number.NEGATIVE_INFINITY, closed: false };
    this.#calls.delete(call);
    this.#calls.set(call, attendance);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > mostCalls && oldest !== undefined) this.#calls.delete(oldest);
    return attendance;
  }
}

function join({ stays, closed }: Attendance, person: string, sequence: number | undefined): readonly PresenceChange[] {
  const present = stays.get(person);
  const left = !present && stays.has(person);
  if (left && closed) return [];
  const { mark, told } = present ?? { mark: left && sequence !== undefined ? `/${sequence}` : '', told: 0 };
  if (told >= mostTold) return [];
  stays.set(person, { mark, told: told + 1 });
  return [{ type: 'call.participant-joined', id: `joined/${person}${mark}`, person }];
}

function leave({ stays, closed }: Attendance, present: ReadonlySet<string>, sequence: number): PresenceChange[] {
  if (closed) return [];
  const gone = [...stays].filter(([person, stay]) => stay !== undefined && !present.has(person));
  return gone.map(([person]) => {
    stays.set(person, undefined);
    return { type: 'call.participant-left', id: `left/${person}/${sequence}`, person };
  });
}

function give({ given }: Attendance, eventId: string, changes: readonly PresenceChange[]): readonly PresenceChange[] {
  given.set(eventId, changes);
  const [oldest] = given.keys();
  if (given.size > mostGiven && oldest !== undefined) given.delete(oldest);
  return changes;
}
