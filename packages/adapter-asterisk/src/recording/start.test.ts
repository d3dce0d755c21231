import { type StartPlan, systemClock } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { asterisk } from '../driver.ts';
import { type Answering, answering } from '../testing/answering.ts';

const context = { clock: systemClock, signal: new AbortController().signal };
const plan: StartPlan = {
  sessionId: '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f',
  partId: 'p1',
  correlation: '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1',
  call: asteriskChannel('one'),
  output: { media: 'audio', layout: 'separate', container: 'wav' },
  startPaused: false,
  command: { commandId: 'c', ordinal: 1, token: 't', firstSentAt: '2026-01-05T09:00:00.000Z' },
};
const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });

/** A server on which everything goes well that nothing else is said of. */
function server(said: Answering): Promise<Awaited<ReturnType<typeof answering>>> {
  return answering((request) => {
    const { method, path } = request;
    if (path.endsWith('/asterisk/info')) return json(200, { system: { version: '22.10.1' } });
    const answer = said(request);
    if (answer) return answer;
    if (path.includes('/recordings/live/') && method === 'GET') return json(200, { state: 'recording' });
    return method === 'DELETE' ? { status: 204 } : json(200, {});
  });
}

function driver({ url }: { readonly url: string }) {
  return asterisk({ url, username: 'recorder', password: 'of nobody' });
}

test('a start of which a file may run on is never taken for one that began nothing', async () => {
  // A proxy that lets one request through, and turns away the next ones.
  await using asked = await server(({ method, path, query }) =>
    (path.includes('/snoop/') && query.get('spy') === 'out') || method === 'DELETE' ? { status: 503 } : undefined,
  );
  const recorder = driver(asked);
  const error = await recorder.doStart(plan, context).catch((reason: unknown) => reason);
  expect(recorder.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'only-with-same-key' });
});

test('a start whose files are all taken back is refused as the server refused it', async () => {
  await using asked = await server(({ path, query }) =>
    path.includes('/snoop/') && query.get('spy') === 'out' ? { status: 503 } : undefined,
  );
  const recorder = driver(asked);
  const error = await recorder.doStart(plan, context).catch((reason: unknown) => reason);
  expect(recorder.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'safe' });
  expect(asked.requests).toContain(`DELETE /ari/recordings/live/onrecord/${plan.correlation}/in`);
});

test('who hangs up while a start is on its way takes nobody else along', async () => {
  await using asked = await server(({ method, path }) => {
    if (path.endsWith('/bridges/b')) return json(200, { id: 'b', channels: ['one', 'gone'] });
    if (path.endsWith('/channels/one') || method === 'DELETE') return undefined;
    return path.includes('/channels/gone') ? json(404, { message: 'Provided channel was not found' }) : undefined;
  });
  const call = asteriskBridge('b');
  const output = { media: 'audio', layout: 'per-participant', container: 'wav' } as const;
  const { reports } = await driver(asked).doStart({ ...plan, call, output }, context);
  expect(reports?.[0]?.seen).toMatchObject({ capturing: true });
  expect(reports?.[0]?.seen.expects?.map(({ tracks }) => tracks?.[0]?.participant)).toEqual(['one']);
  expect(asked.requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
});
