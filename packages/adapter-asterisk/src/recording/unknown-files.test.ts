import { type PartTarget, systemClock } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { asterisk } from '../driver.ts';
import { answering } from '../testing/answering.ts';

const context = { clock: systemClock, signal: new AbortController().signal };
const correlation = '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1';
const part: PartTarget = {
  sessionId: '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f',
  partId: 'p1',
  correlation,
  call: asteriskChannel('one'),
  output: { media: 'audio', layout: 'mixed', container: 'wav' },
  handle: { folder: 'onrecord', format: 'wav', startedPaused: true },
};
const command = { commandId: 'c', ordinal: 3, token: 't', firstSentAt: '2026-01-05T09:00:00.000Z' };
const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });
const notFound = json(404, { message: 'Recording not found' });

function driver({ url }: { readonly url: string }) {
  return asterisk({ url, username: 'recorder', password: 'of nobody' });
}

test('a pause holds what a resume began whose answer was lost', async () => {
  let state = 'recording';
  await using asked = await answering(({ method, path }) => {
    if (!path.includes('/recordings/live/')) return json(200, {});
    if (method === 'POST' && path.endsWith('/pause')) state = 'paused';
    return method === 'GET' ? json(200, { state }) : { status: 204 };
  });
  const { reports } = await driver(asked).doPause(part, command, context);
  expect(state).toBe('paused');
  expect(reports?.[0]?.seen).toEqual({ capturing: false });
});

test('a part is not over while a file of it runs that nobody has told of yet', async () => {
  // The one that was known has reached its limit; another one began between two looks.
  const limited: PartTarget = {
    ...part,
    call: asteriskBridge('b'),
    output: { media: 'audio', layout: 'per-participant', container: 'wav' },
    handle: { folder: 'onrecord', format: 'wav', startedPaused: false, maxDurationSeconds: 1 },
    facts: { 'begun/one': '2026-01-05T09:00:00.000Z' },
  };
  await using asked = await answering(({ path }) => {
    if (path.includes('/recordings/live/')) return path.endsWith('late') ? json(200, { state: 'recording' }) : notFound;
    if (path.endsWith('/file'))
      return { status: 200, headers: { 'content-type': 'audio/wav' }, body: ' '.repeat(20_000) };
    if (path.endsWith('/stored')) {
      return json(
        200,
        ['one', 'late'].map((label) => ({ name: `onrecord/${correlation}/${label}`, format: 'wav' })),
      );
    }
    return json(200, path.endsWith('/channels') ? [] : { id: 'b', channels: ['one', 'late'] });
  });
  expect(await driver(asked).doStatus(limited, { pollId: 'p', asOfOrdinal: 1 }, context)).toEqual([]);
});
