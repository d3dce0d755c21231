import { type PartTarget, systemClock } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { asterisk } from '../driver.ts';
import { answering } from '../testing/answering.ts';

const context = { clock: systemClock, signal: new AbortController().signal };
const part: PartTarget = {
  sessionId: '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f',
  partId: 'p1',
  correlation: '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1',
  call: asteriskChannel('one'),
  output: { media: 'audio', layout: 'mixed', container: 'wav' },
  handle: { folder: 'onrecord', format: 'wav', startedPaused: false },
  facts: { 'begun/mixed': '2026-01-05T09:00:00.000Z' },
};

/** A recording that is over, of a channel that is there for so many more looks. */
async function endReason(looks: number): Promise<unknown> {
  let left = looks;
  const gone = (what: string) => ({ status: 404, body: `{"message":"${what} not found"}` });
  await using server = await answering(({ path }) => {
    if (path.includes('/recordings/live/')) return gone('Recording');
    if (path.endsWith('/file')) {
      return { status: 200, headers: { 'content-type': 'audio/wav' }, body: ' '.repeat(20_000) };
    }
    if (path.endsWith('/channels/one')) return left-- > 0 ? { status: 200, body: '{"id":"one"}' } : gone('Channel');
    return { status: 200, body: path.endsWith('/info') ? '{}' : '[]' };
  });
  const driver = asterisk({ url: server.url, username: 'recorder', password: 'of nobody' });
  const [report] = await driver.doStatus(part, { pollId: 'p', asOfOrdinal: 1 }, context);
  return report?.seen.endReason;
}

test('a recording that ends some moments before its channel ended with it', async () => {
  expect(await endReason(0)).toBe('call-ended');
  expect(await endReason(5)).toBe('call-ended');
});

test('one that ends while its channel stays has to alarm', async () => {
  expect(await endReason(Number.POSITIVE_INFINITY)).toBe('unknown');
});
