import { expect, test } from 'vitest';
import type { RecordingEvent } from './event.ts';
import { handlersSink } from './handlers-sink.ts';

const { signal } = new AbortController();
const event: RecordingEvent = {
  specversion: '1.0',
  id: 's1/1',
  type: 'dev.onrecord.recording.paused.v1',
  source: 'onrecord/default/main',
  subject: 's1',
  time: '2026-01-05T09:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: '1',
  data: {},
};

test('an event goes to `any` and to the handler of its type, and to no other', async () => {
  const seen: string[] = [];
  const sink = handlersSink({
    any: () => void seen.push('any'),
    'recording.paused': ({ type }) => void seen.push(type),
    'recording.resumed': () => void seen.push('resumed'),
  });
  await sink.deliver(event, { signal });
  expect(seen).toEqual(['any', 'dev.onrecord.recording.paused.v1']);
});

test('a handler that rejects rejects the delivery', async () => {
  const sink = handlersSink({ 'recording.paused': () => Promise.reject(new Error('not now')) });
  await expect(sink.deliver(event, { signal })).rejects.toThrow('not now');
});
