import { type CallNotice, OnRecordError } from '@onrecord/core';
import { VirtualClock } from '@onrecord/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChimeMeetingDriver, type ChimeMeetingOptions, chimeMeeting } from '../../index.ts';

const day = Date.parse('2026-03-02T00:00:00Z');
const at = (time: string) => Date.parse(`2026-03-02T${time.length === 5 ? `${time}:00` : time}Z`);
const clockTime = (moment: string | undefined) =>
  new Date(moment ?? day).toISOString().slice(11, 19).replace(/:00$/, '');

interface Told {
  readonly time: string;
  /** Without `Attendee` or `Meeting`. */
  readonly type: string;
  readonly who?: string;
}

function bodyOf({ time, type, who }: Told): Uint8Array {
  const eventType = `chime:${who === undefined ? 'Meeting' : 'Attendee'}${type}`;
  const person = who === undefined ? {} : { attendeeId: who, externalUserId: `user-${who}` };
  return Buffer.from(
    JSON.stringify({
      id: `${time}-${type}-${who}`,
      source: 'aws.chime',
      'detail-type': 'Chime Meeting State Change',
      account: '111122223333',
      region: 'us-east-1',
      time: new Date(at(time)).toISOString(),
      detail: { eventType, meetingId: 'm-1', timestamp: at(time), ...person },
    }),
  );
}

function openDriver(options: Partial<ChimeMeetingOptions> = {}): ChimeMeetingDriver {
  return chimeMeeting({ region: 'us-east-1', bucket: 'recordings', ...options });
}

/** What a process makes of events that it hears of in this order, each at its time or right after the one before. */
async function hear(events: readonly Told[], driver = openDriver()): Promise<readonly CallNotice[]> {
  using clock = new VirtualClock(day);
  const context = { clock, signal: AbortSignal.timeout(5_000) };
  const notices: CallNotice[] = [];
  for (const event of events) {
    await clock.advance(Math.max(0, at(event.time) - clock.now()));
    const { calls } = await driver.parse({ transport: 'queue', headers: {}, body: bodyOf(event) }, context);
    notices.push(...calls);
  }
  return notices;
}

const lines = (notices: readonly CallNotice[]) =>
  notices.flatMap((notice) =>
    'participant' in notice
      ? [`${clockTime(notice.at)} ${notice.participant} ${notice.type.slice('call.participant-'.length)}`]
      : [],
  );

const started: Told = { time: '10:59', type: 'Started' };
const ended: Told = { time: '12:00', type: 'Ended' };
const ann = (time: string, type: string): Told => ({ time, type, who: 'ann' });
const bob = (time: string, type: string): Told => ({ time, type, who: 'bob' });

describe('who is in a meeting', () => {
  test.each<[string, readonly Told[], readonly string[]]>([
    [
      'the timeline of the guide: a connection that is restored is no new participant',
      [
        ann('11:00', 'Added'),
        ann('11:01', 'Joined'),
        ann('11:02', 'Dropped'),
        ann('11:03', 'Joined'),
        ann('11:30', 'Left'),
      ],
      ['11:01 ann joined', '11:30 ann left'],
    ],
    ['authorized before joining', [ann('11:00', 'Authorized'), ann('11:01', 'Joined')], ['11:01 ann joined']],
    [
      'a lost connection that stays lost is told once its grace is over, with the time of the loss',
      [ann('11:01', 'Joined'), ann('11:02', 'Dropped'), bob('11:02:59', 'Joined'), bob('11:03', 'VideoStarted')],
      ['11:01 ann joined', '11:02:59 bob joined', '11:02 ann left'],
    ],
    [
      'back too late is a second stay',
      [ann('11:01', 'Joined'), ann('11:02', 'Dropped'), ann('11:04', 'Joined')],
      ['11:01 ann joined', '11:02 ann left', '11:04 ann joined'],
    ],
    [
      'gone on purpose and back at once is a second stay',
      [ann('11:01', 'Joined'), ann('11:02', 'Left'), ann('11:02:05', 'Joined')],
      ['11:01 ann joined', '11:02 ann left', '11:02:05 ann joined'],
    ],
    [
      'a new device before the old one is missed',
      [
        ann('11:01', 'Joined'),
        ann('11:05', 'Authorized'),
        ann('11:05', 'Joined'),
        ann('11:05:15', 'Dropped'),
        ann('11:40', 'Left'),
      ],
      ['11:01 ann joined', '11:40 ann left'],
    ],
    [
      'Left and Dropped for one departure, which the service does not promise to send, are one',
      [ann('11:01', 'Joined'), ann('11:20', 'Left'), ann('11:20:12', 'Dropped')],
      ['11:01 ann joined', '11:20 ann left'],
    ],
    [
      'the end of the meeting is the end of everybody, and of nobody twice',
      [
        ann('11:01', 'Joined'),
        bob('11:02', 'Joined'),
        bob('11:59:50', 'Dropped'),
        ended,
        { ...ended, time: '12:00:01' },
      ],
      ['11:01 ann joined', '11:02 bob joined', '12:00 ann left', '11:59:50 bob left'],
    ],
    ['taken off the list', [ann('11:01', 'Joined'), ann('11:02', 'Deleted')], ['11:01 ann joined', '11:02 ann left']],
    ['taken off the list without having been there', [ann('11:02', 'Deleted')], []],
    ['gone, where another process heard of the beginning', [ann('11:30', 'Left')], ['11:30 ann left']],
    [
      'reconnected, where another process heard of the beginning',
      [ann('11:30', 'Dropped'), ann('11:30:20', 'Joined'), ann('11:40', 'Left')],
      ['11:40 ann left'],
    ],
    [
      'a late word of somebody after the end',
      [ann('11:01', 'Joined'), ended, ann('11:50', 'Left'), bob('11:10', 'Joined')],
      ['11:01 ann joined', '12:00 ann left', '11:10 bob joined', '12:00 bob left'],
    ],
  ])('%s', async (_, events, expected) => {
    expect(lines(await hear([started, ...events]))).toEqual(expected);
  });

  test('is told as it comes where the processes do not share what they hear', async () => {
    const events = [ann('11:01', 'Joined'), ann('11:02', 'Dropped'), ann('11:03', 'Joined')];
    expect(lines(await hear(events, openDriver({ reconnectGraceMs: 'none' })))).toEqual([
      '11:01 ann joined',
      '11:02 ann left',
      '11:03 ann joined',
    ]);
  });

  test('is told again when an event comes again, because the first time may have been in vain', async () => {
    const driver = openDriver();
    const first = await hear([started, ann('11:01', 'Joined')], driver);
    expect(await hear([ann('11:01', 'Joined')], driver)).toEqual(first.slice(1));
  });

  test('a lost MeetingStarted is made up for by the first who joins, and by nobody after the end', async () => {
    const notices = await hear([ann('11:01', 'Joined'), bob('11:02', 'Joined'), ended, ann('11:59', 'Joined')]);
    const connected = notices.filter(({ type }) => type === 'call.connected');
    expect(new Set(connected.map(({ noticeId }) => noticeId))).toEqual(new Set(['chime-meeting/m-1/started']));
    expect(notices.at(-1)?.type).not.toBe('call.connected');
  });

  test('has a grace of 15 s at least', () => {
    expect(() => openDriver({ reconnectGraceMs: 14_999 })).toThrow(OnRecordError);
    expect(() => openDriver({ reconnectGraceMs: 15_000 })).not.toThrow();
  });
});

/** Comings and goings as a service tells them: each departure ends one connection, losses are repaired in time or not. */
const history = fc
  .array(
    fc.record({
      who: fc.constantFrom('ann', 'bob'),
      staysS: fc.integer({ min: 1, max: 600 }),
      awayS: fc.integer({ min: 1, max: 200 }),
      how: fc.constantFrom('Left', 'Dropped'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((turns) => {
    const clocks = { ann: at('11:00'), bob: at('11:00') };
    return turns.flatMap(({ who, staysS, awayS, how }): readonly Told[] => {
      const name = who as 'ann' | 'bob';
      const from = clocks[name];
      const to = from + staysS * 1_000;
      clocks[name] = to + awayS * 1_000;
      const time = (ms: number) => new Date(ms).toISOString().slice(11, 19);
      return [
        { time: time(from), type: 'Joined', who },
        { time: time(to), type: how, who },
      ];
    });
  });

const byTime = (left: Told, right: Told) => at(left.time) - at(right.time);
const theEnd: Told = { time: '23:59', type: 'Ended' };

test('shuffled and doubled events tell of no stay twice, and all are gone at the end', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.infiniteStream(fc.nat({ max: 1_000 })), async (events, dice) => {
      const roll = () => dice.next().value ?? 0;
      const doubled = events.flatMap((event) => (roll() % 3 === 0 ? [event, event] : [event]));
      const shuffled = doubled.map((event) => ({ event, key: roll() })).sort((left, right) => left.key - right.key);
      const disturbed = await hear(shuffled.map(({ event }) => event).concat(theEnd));
      for (const who of new Set(events.map((event) => event.who))) {
        const told = new Map(disturbed.map((notice) => [notice.noticeId, notice] as const));
        const own = lines([...told.values()]).filter((line) => line.includes(` ${who} `));
        expect(own.at(-1)).toContain('left');
        const joined = own.filter((line) => line.endsWith('joined'));
        const moments = new Set(
          events.filter(({ type }) => type === 'Joined').map(({ time }) => time.replace(/:00$/, '')),
        );
        for (const line of joined) expect(moments).toContain(line.split(' ')[0]);
        expect(new Set(joined).size).toBe(joined.length);
      }
    }),
    { numRuns: 60 },
  );
}, 30_000);

test('events in order tell exactly of the stays, with losses that were repaired in time left out', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (events) => {
      const told = lines(await hear([...events].sort(byTime).concat(theEnd))).sort();
      const expected: string[] = [];
      for (const who of ['ann', 'bob']) {
        const own = events.filter((event) => event.who === who).sort(byTime);
        for (const [index, event] of own.entries()) {
          const next = own[index + 1];
          const before = own[index - 1];
          const short = (time: string) => time.replace(/:00$/, '');
          if (event.type === 'Joined') {
            const repaired = before?.type === 'Dropped' && at(event.time) - at(before.time) <= 60_000;
            if (!repaired) expected.push(`${short(event.time)} ${who} joined`);
          } else {
            const repaired = event.type === 'Dropped' && next !== undefined && at(next.time) - at(event.time) <= 60_000;
            if (!repaired) expected.push(`${short(event.time)} ${who} left`);
          }
        }
      }
      expect(told).toEqual(expected.sort());
    }),
    { numRuns: 100 },
  );
}, 30_000);
