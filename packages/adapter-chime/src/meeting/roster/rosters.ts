import type { CallNotice } from '@onrecord/core';
import { type MeetingEvent, toldNotices } from '../map-notices.ts';
import { Roster } from './roster.ts';
import type { Step } from './stays.ts';

/** Meetings of which the comings and goings are remembered; the one that was silent longest is forgotten first. */
const mostMeetings = 1_000;

const steps: { readonly [eventType: string]: Step['type'] } = {
  'chime:AttendeeJoined': 'joined',
  'chime:AttendeeDropped': 'dropped',
  'chime:AttendeeLeft': 'left',
  'chime:AttendeeDeleted': 'deleted',
};

/**
 * Who is in which meeting, as the events of this process tell it: a reconnection is no new participant, the end of a
 * meeting is everybody's, and the first person present makes up for a lost MeetingStarted.
 */
export class MeetingRosters {
  readonly #graceMs: number | 'none';
  readonly #rosters = new Map<string, Roster>();
  /** Those in which time alone makes news: the others are not looked at with every event. */
  readonly #waiting = new Set<Roster>();

  constructor(graceMs: number | 'none') {
    this.#graceMs = graceMs;
  }

  /**
   * The notices of an event, and those of everybody whose time to come back is over; undefined for an unknown type.
   * @param now our clock, epoch ms
   */
  notices(event: MeetingEvent, now: number): readonly CallNotice[] | undefined {
    const told = toldNotices(event);
    if (told === undefined || this.#graceMs === 'none' || event.at === undefined) return told;
    const roster = this.#rosterOf(event, this.#graceMs);
    const eventKey = `${event.eventType}/${event.attendeeId ?? ''}/${event.at}`;
    const given = roster.given(eventKey);
    if (given) return given;
    const step = steps[event.eventType];
    if (event.person !== undefined && step) roster.note(event.person, { type: step, at: event.at }, now);
    const known = told.filter(({ type }) => type === 'call.ended' || (type === 'call.connected' && !roster.ended));
    if (event.eventType === 'chime:MeetingEnded') roster.end(event.at);
    const news = this.#news(roster, now);
    const first = known.filter(({ type }) => type === 'call.connected');
    const notices = [...first, ...news, ...known.filter(({ type }) => type === 'call.ended')];
    return notices.length === 0 ? notices : roster.give(eventKey, notices);
  }

  #news(told: Roster, now: number): readonly CallNotice[] {
    this.#waiting.delete(told);
    this.#waiting.add(told);
    return [...this.#waiting].flatMap((roster) => {
      const news = roster.news(now);
      if (!roster.waits(now)) this.#waiting.delete(roster);
      return news;
    });
  }

  #rosterOf({ call }: MeetingEvent, graceMs: number): Roster {
    const roster = this.#rosters.get(call.key) ?? new Roster(call, graceMs);
    this.#rosters.delete(call.key);
    this.#rosters.set(call.key, roster);
    const [oldest] = this.#rosters;
    if (this.#rosters.size > mostMeetings && oldest) {
      this.#rosters.delete(oldest[0]);
      this.#waiting.delete(oldest[1]);
    }
    return roster;
  }
}
