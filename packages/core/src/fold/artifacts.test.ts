import { expect, test } from 'vitest';
import type { MediaSighting, Seen } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { snapshotOf } from './snapshot-of.ts';
import { at, call, command, pushed, session, tied } from './testing/session.ts';

const expects: Seen['expects'] = [{ uri: 's3://landing/a.wav', role: 'master', container: 'wav' }];
const file: MediaSighting = { key: 's3://landing/a.wav', uri: 's3://landing/a.wav', role: 'master' };

function artifacts(seen: readonly Seen[], more: Partial<SessionRecord> = {}) {
  const reports = seen.map((one, index) => pushed(one, 10 + index));
  return snapshotOf(session({ commands: [command(1, 'start', 0)], reports, ...more })).artifacts;
}

test('an expected file is pending until it is seen, under the same id', () => {
  expect(artifacts([{ expects }])).toMatchObject([
    { id: 'p1-master-0', state: 'pending', location: file.uri, container: 'wav' },
  ]);
  expect(artifacts([{ expects }, { media: [file] }])).toMatchObject([{ id: 'p1-master-0', state: 'available' }]);
});

test('an expected file is missing once storage denied it, and nothing once none is expected', () => {
  const expectation = { partId: 'p1', call, state: 'expected', media: expects![0]! } as const;
  expect(artifacts([], { expectations: [{ ...expectation, missingSince: at(5) }] })).toMatchObject([
    { state: 'missing' },
  ]);
  expect(artifacts([], { expectations: [{ ...expectation, state: 'none' }] })).toEqual([]);
});

test('sightings of one file extend each other, whatever order they are listed in', () => {
  const first = pushed({ media: [{ ...file, bytes: 10, durationMs: 1_000 }] }, 20);
  const second = pushed({ media: [{ ...file, bytes: 12, channels: 2 }] }, 21);
  const commands = [command(1, 'start', 0)];
  const folded = snapshotOf(session({ commands, reports: [first, second] }));
  expect(folded.artifacts).toMatchObject([{ bytes: 12, channels: 2, durationMs: 1_000 }]);
  expect(snapshotOf(session({ commands, reports: [second, first, second] }))).toEqual(folded);
});

test('files of one role keep the positions their provider gave them', () => {
  const files = [
    { ...file, key: 'b', uri: 'https://host/b', index: 1 },
    { ...file, key: 'a', uri: 'https://host/a', index: 0 },
    { ...file, key: 'm', uri: 'https://host/m', role: 'metadata' },
  ] as const;
  const ids = artifacts([{ media: files }]).map(({ id, mediaKey }) => [id, mediaKey]);
  expect(ids).toEqual([
    ['p1-master-0', 'a'],
    ['p1-master-1', 'b'],
    ['p1-metadata-0', 'm'],
  ]);
});

test('files without positions, or with the same one, still get an id each', () => {
  const files = ['x', 'y', 'z'].map((key) => ({ ...file, key, uri: `https://host/${key}`, index: 0 }));
  expect(artifacts([{ media: files }]).map(({ id }) => id)).toEqual(['p1-master-0', 'p1-master-1', 'p1-master-2']);
});

test.each([1e300, Number.MAX_SAFE_INTEGER, -1, 0.5])(
  'a position of %d is none, and ids are given all the same',
  (index) => {
    const files = ['x', 'y'].map((key) => ({ ...file, key, uri: `https://host/${key}`, index }));
    expect(artifacts([{ media: files }]).map(({ id }) => id)).toEqual(['p1-master-0', 'p1-master-1']);
  },
);

test('a file is expired once anything arrived after its expiry, unless it was stored', () => {
  const media = [{ ...file, expiresAt: at(15) }];
  expect(artifacts([{ media }])).toMatchObject([{ state: 'available' }]);
  expect(artifacts([{ media }, {}, {}, {}, {}, {}, {}])).toMatchObject([{ state: 'expired' }]);
  const transfers = [{ mediaKey: file.key, state: 'stored', uri: 'file:///a.wav', attempts: 1 }] as const;
  expect(artifacts([{ media }, {}, {}, {}, {}, {}, {}], { transfers })).toMatchObject([{ state: 'stored' }]);
});

test('a transfer that failed leaves the file where it is', () => {
  const transfers = [{ mediaKey: file.key, state: 'failed', attempts: 3, error: 'No space.' }] as const;
  expect(artifacts([{ media: [file] }], { transfers })).toMatchObject([{ state: 'available', location: file.uri }]);
});

test('what a discard leaves behind is deleted', () => {
  const commands = [command(1, 'start', 0), command(2, 'discard', 20)];
  const reports = [
    tied('c1', { capturing: true, expects }, 1),
    pushed({ media: [file] }, 21),
    tied('c2', { ended: true }, 22),
  ];
  expect(snapshotOf(session({ commands, reports })).artifacts).toMatchObject([{ state: 'deleted' }]);
  expect(snapshotOf(session({ commands, reports: [reports[0]!, reports[2]!] })).artifacts).toEqual([]);
});

test('tracks are those of the sighting, else those expected', () => {
  const track = { from: 'everyone', relativeTo: 'call-1', offsetMs: 0, prompts: 'unknown' } as const;
  expect(artifacts([{ expects: [{ ...expects![0]!, tracks: [track] }] }])).toMatchObject([{ tracks: [track] }]);
  const own = { ...track, channel: 1 };
  expect(artifacts([{ media: [{ ...file, tracks: [own] }] }])).toMatchObject([{ tracks: [own] }]);
  expect(artifacts([{ expects: [{ ...expects![0]!, tracks: [track] }] }, { media: [file] }])).toMatchObject([
    { tracks: [track] },
  ]);
});
