import { expect, test } from 'vitest';
import { captured } from './captured.ts';

const event = (type: string, name: string, at: number) => ({
  type,
  timestamp: new Date(at).toISOString(),
  recording: { name },
});
const observer = (...events: readonly ReturnType<typeof event>[]) => ({
  events,
  at: ({ timestamp }: { readonly timestamp: string }) => Date.parse(timestamp),
});
const answer = (asked: string, at: number, status = 204) => ({ asked, status, at });
const path = '/recordings/live/demo%2Fs.p1%2Fin/pause';

test('a file holds what lies between its events, less its own pauses', () => {
  const heard = observer(
    event('RecordingStarted', 'demo/s.p1/out', 130),
    event('RecordingStarted', 'demo/s.p1/in', 100),
    event('RecordingStarted', 'demo/s.p1/in', 100),
    event('RecordingStarted', 'elsewhere/x', 50),
    event('RecordingFinished', 'demo/s.p1/in', 900),
    event('RecordingFinished', 'demo/s.p1/in', 900),
    event('RecordingFinished', 'demo/s.p1/out', 905),
  );
  const answers = [
    answer(`POST ${path}`, 300),
    answer(`POST ${path}`, 310),
    answer(`DELETE ${path}`, 500),
    answer(`DELETE ${path}`, 510),
  ];
  expect(captured(heard, { answers }, 'demo')).toEqual([
    [
      { from: 100, to: 300 },
      { from: 500, to: 900 },
    ],
    [{ from: 130, to: 905 }],
  ]);
});

test('a pause that the server refused is none, and one that nobody ended lasts to the end', () => {
  const heard = observer(
    event('RecordingStarted', 'demo/s.p1/in', 100),
    event('RecordingFinished', 'demo/s.p1/in', 900),
  );
  const answers = [answer(`POST ${path}`, 300, 404), answer(`GET ${path}`, 350), answer(`POST ${path}`, 400)];
  expect(captured(heard, { answers }, 'demo')).toEqual([[{ from: 100, to: 400 }]]);
});

test('parts come in their order, ten after two', () => {
  const parts = [10, 2].map((part) => event('RecordingStarted', `demo/s.p${part}/mixed`, part));
  const [first, second] = captured(observer(...parts), { answers: [] }, 'demo');
  expect([first?.[0]?.from, second?.[0]?.from]).toEqual([2, 10]);
});
