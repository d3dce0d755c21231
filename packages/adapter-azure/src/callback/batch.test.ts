import { describe, expect, test } from 'vitest';
import { callbackEvent, callbackWith, chunk, deliveryWith, fileEvent } from '../testing/post-events.ts';
import { recorded } from '../testing/posted-callback.ts';
import { gridSecret, openScene, rejection } from '../testing/scene.ts';

const legs = (count: number) =>
  Array.from({ length: count }, (_, leg) =>
    callbackEvent('CallConnected', { callConnectionId: `leg-${leg}` }, { id: `${leg}` }),
  );

/** Without a token each callback is proven by its URL. */
const proven = { driver: { jwt: undefined } };

describe('a batch', () => {
  test.each([1, 2, 100, 2_000])('of %d events is read to its last', async (count) => {
    await using scene = await openScene(proven);
    const { calls } = await scene.driver.parse(callbackWith(scene, legs(count)), scene.context);
    expect(calls.map(({ call }) => call.key)).toEqual(Array.from({ length: count }, (_, leg) => `leg-${leg}`));
  });

  test('of none, and one event alone, are both well-formed', async () => {
    await using scene = await openScene(proven);
    expect(await scene.driver.parse(callbackWith(scene, []), scene.context)).toEqual({
      reports: [],
      calls: [],
      unhandled: 0,
    });
    const [one] = legs(1);
    expect((await scene.driver.parse(callbackWith(scene, one), scene.context)).calls).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['no event at all', 7],
    ['an event without a type', { id: '1' }],
    ['an event that lacks what its type requires', callbackEvent('CallConnected', {})],
    ['an event without an id', callbackEvent('CallConnected', { callConnectionId: 'x' }, { id: '' })],
  ])('loses none of its events to %s beside them, and is not called a success', async (_name, wrong) => {
    await using scene = await openScene(proven);
    const [first, last] = legs(2);
    const parsed = await scene.driver.parse(callbackWith(scene, [first, wrong, last]), scene.context);
    expect(parsed.calls.map(({ call }) => call.key)).toEqual(['leg-0', 'leg-1']);
    expect(parsed.response).toEqual({ status: 400 });
    expect(parsed.problems).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'invalid-request' })]));
  });

  test('tells the recording it is about of what made no sense, once however often it comes', async () => {
    const { scene, part, request } = await recorded();
    await using _scene = scene;
    const [good] = JSON.parse(new TextDecoder().decode(request.body));
    const wrong = { ...good, id: undefined };
    const parse = () => scene.driver.parse(callbackWith(scene, [wrong, good, {}], request), scene.context);
    const { reports } = await parse();
    expect(reports).toMatchObject([
      { seen: { capturing: true } },
      {
        subject: { correlation: part.correlation },
        seen: {
          anomaly: {
            code: 'invalid-answer',
            message: expect.stringMatching(/RecordingStateChanged is malformed: it has no id that.* 1 more/),
          },
        },
      },
    ]);
    expect((await parse()).reports[1]?.reportId).toBe(reports[1]?.reportId);
  });

  test('of Event Grid keeps the files of one recording though the event of another makes no sense', async () => {
    await using scene = await openScene();
    const wrong = fileEvent([], { recordingId: 'another' }, { id: '2' });
    const parsed = await scene.driver.parse(deliveryWith(scene, [wrong, fileEvent([chunk('0-a')])]), scene.context);
    expect(parsed.response).toEqual({ status: 400 });
    expect(parsed.reports[0]).toMatchObject({ seen: { media: [{ key: '0-a' }, { key: '0-a/metadata' }] } });
    expect(parsed.reports[1]).toMatchObject({
      subject: { providerKey: 'recording/another' },
      seen: { anomaly: { message: expect.stringContaining('names no file') } },
    });
  });

  test('of nothing but nonsense is malformed, whatever unknown events stand beside it', async () => {
    await using scene = await openScene(proven);
    const batch = [callbackEvent('CallConnected', {}), { type: 'new' }, 'x'];
    const error = await rejection(scene.driver.parse(callbackWith(scene, batch), scene.context));
    expect(error).toMatchObject({ code: 'invalid-request', blame: 'provider' });
  });
});

describe('hostile text', () => {
  test.each<[string, string]>([
    ['arrays in arrays', '['.repeat(500_000)],
    ['arrays in arrays, all of them closed', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['objects in objects', '{"a":'.repeat(200_000)],
    ['a number too many', '[1e999999]'],
  ])('%s is malformed and no more', async (_name, body) => {
    await using scene = await openScene(proven);
    const error = await rejection(scene.driver.parse(callbackWith(scene, body), scene.context));
    expect(error).toMatchObject({ code: 'invalid-request' });
    const grid = await rejection(scene.driver.parse(deliveryWith(scene, body), scene.context));
    expect(grid).toMatchObject({ code: 'invalid-request' });
  });

  test('of a million things that are no events costs no error for each, and loses no event beside them', async () => {
    await using scene = await openScene(proven);
    const [first, last] = legs(2).map((event) => JSON.stringify(event));
    const body = `[${first},${'1,'.repeat(1_000_000)}${last}]`;
    const before = process.memoryUsage().heapUsed;
    const parsed = await scene.driver.parse(callbackWith(scene, body), scene.context);
    // An error for each of them took a gigabyte.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000);
    expect(parsed.calls.map(({ call }) => call.key)).toEqual(['leg-0', 'leg-1']);
    expect(parsed).toMatchObject({ response: { status: 400 }, problems: { length: 10 } });
  });

  test('too long for an id is none: nothing of it is kept', async () => {
    await using scene = await openScene({ driver: { jwt: undefined, eventGrid: { secret: gridSecret } } });
    const long = 'x'.repeat(2_049);
    const calls = [
      callbackEvent('CallConnected', { callConnectionId: long }),
      callbackEvent('CallConnected', { callConnectionId: 'leg' }, { id: long }),
      callbackEvent('RecordingStateChanged', { recordingId: long, state: 'active' }),
    ];
    for (const event of calls) {
      const error = await rejection(scene.driver.parse(callbackWith(scene, event), scene.context));
      expect(error).toMatchObject({ code: 'invalid-request', message: expect.not.stringContaining('xxx') });
    }
    const participants = [{ identifier: { rawId: long } }, { identifier: { rawId: '4:+1' } }];
    const list = callbackEvent('ParticipantsUpdated', { callConnectionId: 'leg', participants, sequenceNumber: 1 });
    const heard = await scene.driver.parse(callbackWith(scene, list), scene.context);
    expect(heard.calls).toMatchObject([{ participant: '4:+1' }]);
    for (const more of [{ id: long }, { subject: `/recording/call/${long}`, data: { recordingId: long } }]) {
      const event = fileEvent([chunk('0-a')], {}, more);
      const error = await rejection(scene.driver.parse(deliveryWith(scene, event), scene.context));
      expect(error).toMatchObject({ code: 'invalid-request' });
    }
    const { reports } = await scene.driver.parse(deliveryWith(scene, fileEvent([chunk(long)])), scene.context);
    expect(reports[0]?.seen.media?.[0]?.key).not.toBe(long);
  });

  test('is not quoted by the error that refuses it', async () => {
    await using scene = await openScene(proven);
    for (const body of ['secret-token', '{"incomingCallContext":"secret-token"', '[{"data":{"x":"secret-token"}}]']) {
      const error = (await rejection(scene.driver.parse(callbackWith(scene, body), scene.context))) as Error;
      expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('secret-token');
    }
  });
});
