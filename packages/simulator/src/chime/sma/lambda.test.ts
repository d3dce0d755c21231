import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { CALLER, openSmaScene, type SmaScene, speak, startRecording, summary } from '../testing/sma-scene.ts';
import type { SmaEvent } from './sma-event.ts';

let scene: SmaScene;
let server: Server | undefined;
afterEach(async () => {
  await scene?.[Symbol.asyncDispose]();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

const attempts = () =>
  scene.chime.invocations().map(({ attempt, outcome, event }) => `${event.Sequence}.${attempt} ${outcome}`);

describe('an invocation without a good answer', () => {
  test('is repeated after 5 s with the same event; the late answer is dropped', async () => {
    let slow = true;
    scene = await openSmaScene(async (event) => {
      if (event.InvocationEventType !== 'NEW_INBOUND_CALL') return undefined;
      if (!slow) return [speak(event, 'second')];
      slow = false;
      await scene.clock.delay(6_000);
      return [speak(event, 'first'), startRecording(event)];
    });
    await scene.dial();
    await scene.clock.advance(4_999);
    expect(scene.events).toHaveLength(1);
    await scene.clock.advance(1);
    expect(scene.events).toHaveLength(2);
    expect(scene.events[1]).toEqual(scene.events[0]);
    await scene.clock.advance(5_000);
    expect(attempts()).toEqual(['1.1 timed-out', '1.2 answered', '2.1 answered']);
    expect(scene.events.at(-1)?.ActionData?.Parameters).toMatchObject({ Text: 'second' });
  });

  test('an answer lost on its way does what it did, and is asked for again', async () => {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL' ? [speak(event, 'x')] : undefined,
    );
    scene.chime.lambdaFaults.next({ match: 'NEW_INBOUND_CALL', fault: 'drop-before-answer' });
    await scene.dial();
    await scene.clock.advance(6_000);
    expect(attempts()).toEqual(['1.1 timed-out', '1.2 answered', '2.1 answered']);
    expect(scene.events[1]).toEqual(scene.events[0]);
    expect(scene.chime.lambdaFaults.pending()).toBe(0);
  });

  test('an error is repeated at once; a second one ends the call with 480', async () => {
    scene = await openSmaScene((event) => {
      if (event.InvocationEventType === 'HANGUP') return undefined;
      throw new Error('out of memory');
    });
    const call = await scene.dial();
    await call.ended;
    expect(attempts()).toEqual(['1.1 failed', '1.2 failed', '2.1 answered']);
    expect(scene.chime.invocations()[0]?.error).toBe('out of memory');
    expect(scene.events.at(-1)).toMatchObject({ ActionData: { Type: 'Hangup', Parameters: { SipResponseCode: 480 } } });
  });

  test('a function that was never invoked, and one that is throttled', async () => {
    scene = await openSmaScene((event) => (event.Sequence === 1 ? [speak(event, 'x')] : undefined));
    scene.chime.lambdaFaults.next({ fault: 'drop-before-work' });
    scene.chime.lambdaFaults.next({ match: 'ACTION_SUCCESSFUL', fault: { status: 429 } });
    await scene.dial();
    await scene.clock.advance(1_000);
    expect(attempts()).toEqual(['1.1 failed', '1.2 answered', '2.1 failed', '2.2 answered']);
    expect(scene.events).toHaveLength(2);
  });

  test('a call that ends by it delivers its recording', async () => {
    scene = await openSmaScene((event) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return [speak(event, 'x'), startRecording(event)];
      throw new Error('gone');
    });
    const call = await scene.dial();
    await scene.clock.until(call.ended, 60_000);
    await scene.clock.advance(3_000);
    expect(scene.s3.list('recordings')).toHaveLength(1);
  });

  test('after 1 000 invocations the call ends', async () => {
    scene = await openSmaScene((event) => [speak(event, 'x')], { sma: { maxInvocations: 5 } });
    const call = await scene.dial();
    await scene.clock.until(call.ended, 10_000);
    expect(scene.events).toHaveLength(5);
  });
});

describe('an answer that is not one', () => {
  const bad: [string, unknown, string][] = [
    ['a text', '{"SchemaVersion":"1.0"}', 'SchemaVersionMismatch'],
    ['an HTTP-shaped answer', { statusCode: 200, body: '{}' }, 'SchemaVersionMismatch'],
    ['another version', { SchemaVersion: '2.0', Actions: [] }, 'SchemaVersionMismatch'],
    [
      'a number as attribute',
      { SchemaVersion: '1.0', TransactionAttributes: { a: 1 } },
      'TransactionAttributesInvalid',
    ],
    [
      '21 KB of attributes',
      { SchemaVersion: '1.0', TransactionAttributes: { a: 'x'.repeat(21_000) } },
      'TransactionAttributesInvalid',
    ],
    ['actions that are no list', { SchemaVersion: '1.0', Actions: {} }, 'InvalidActionList'],
    [
      'eleven actions',
      { SchemaVersion: '1.0', Actions: Array.from({ length: 11 }, () => ({ Type: 'Pause' })) },
      'TooManyActions',
    ],
  ];

  test.each(bad)('%s', async (_, raw, ErrorType) => {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL' ? { raw } : [speak(event, 'ok')],
    );
    await scene.dial();
    await scene.clock.advance(200);
    expect(summary(scene.events).slice(0, 3)).toEqual([
      '1 NEW_INBOUND_CALL',
      '2 INVALID_LAMBDA_RESPONSE',
      '3 ACTION_SUCCESSFUL Speak',
    ]);
    expect(scene.events[1]).toMatchObject({ ErrorType });
  });

  test('twice running ends the call', async () => {
    scene = await openSmaScene(() => ({ raw: 'no' }));
    const call = await scene.dial();
    await call.ended;
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 INVALID_LAMBDA_RESPONSE', '3 HANGUP Hangup']);
  });

  test.each([null, ''])('%j keeps everything as it is', async (raw) => {
    scene = await openSmaScene(() => ({ raw }));
    await scene.dial();
    await scene.clock.advance(1_000);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL']);
  });
});

describe('a function behind a URL', () => {
  async function serve(
    answer: (event: SmaEvent, attempt: number) => { status?: number; headers?: Record<string, string>; body: string },
  ) {
    const seen: SmaEvent[] = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const event = JSON.parse(Buffer.concat(chunks).toString()) as SmaEvent;
        seen.push(event);
        const { status = 200, headers = {}, body } = answer(event, seen.length);
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    scene = await openSmaScene(() => undefined);
    const { port } = server.address() as AddressInfo;
    const application = scene.chime.sipMediaApplication(`http://127.0.0.1:${port}/function`);
    const call = application.placeInboundCall({ from: CALLER, to: '+15550177' });
    await scene.clock.advance(2_000);
    return { seen, call };
  }

  test('gets the event as a POST and answers with the result', async () => {
    const { seen, call } = await serve((event) => ({
      body: event.Sequence === 1 ? JSON.stringify({ SchemaVersion: '1.0', Actions: [speak(event, 'x')] }) : 'null',
    }));
    expect(summary(seen)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL Speak']);
    call.hangUp();
    await scene.clock.until(call.ended);
    expect(seen).toHaveLength(3);
  });

  test.each<[string, { status?: number; headers?: Record<string, string>; body: string }]>([
    ['a status of 500', { status: 500, body: 'oops' }],
    ['a function error', { headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"x"}' }],
  ])('%s counts as failed', async (_, failing) => {
    const { seen } = await serve((_event, attempt) => (attempt === 1 ? failing : { body: '' }));
    expect(attempts()).toEqual(['1.1 failed', '1.2 answered']);
    expect(seen[1]).toEqual(seen[0]);
  });

  test('a body that is no JSON is an invalid answer', async () => {
    const { seen } = await serve(() => ({ body: 'hello' }));
    expect(seen[1]).toMatchObject({
      InvocationEventType: 'INVALID_LAMBDA_RESPONSE',
      ErrorType: 'SchemaVersionMismatch',
    });
  });
});
