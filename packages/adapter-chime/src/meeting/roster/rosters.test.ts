import { expect, test, vi } from 'vitest';
import type { MeetingEvent } from '../map-notices.ts';
import { Roster } from './roster.ts';
import { MeetingRosters } from './rosters.ts';

const event = (meeting: string, type: string, at: number): MeetingEvent => ({
  eventType: `chime:Attendee${type}`,
  call: { kind: 'chime.meeting', provider: 'main', key: meeting, data: { meetingId: meeting } },
  attendeeId: 'ann',
  person: 'ann',
  at,
});

test('an event looks at its own meeting, and at those that wait for somebody to come back', () => {
  const rosters = new MeetingRosters(60_000);
  for (let index = 0; index < 50; index++) rosters.notices(event(`m${index}`, 'Joined', index), index);
  rosters.notices(event('m0', 'Dropped', 1_000), 1_000);
  const looked = vi.spyOn(Roster.prototype, 'news');
  try {
    rosters.notices(event('m50', 'Joined', 2_000), 2_000);
    expect(looked).toHaveBeenCalledTimes(2);
    const late = rosters.notices(event('m51', 'Joined', 61_000), 61_000);
    expect(late?.map(({ type, call }) => `${call.key} ${type}`)).toContain('m0 call.participant-left');
    looked.mockClear();
    rosters.notices(event('m52', 'Joined', 62_000), 62_000);
    expect(looked).toHaveBeenCalledTimes(1);
  } finally {
    looked.mockRestore();
  }
});
