import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../turn/item.ts';
import { emptyState, type TurnState } from '../turn/state.ts';
import { decodeState, encodeState, maxStateBytes } from './state-code.ts';

const leg = '72cbec69-f098-45d8-9ad6-e26cb9af663a';
const start: Item = {
  action: { Type: 'StartCallRecording', Parameters: { CallId: leg } },
  own: { kind: 'start', session: 's', command: 'c', leg },
};

const users = fc.record({
  action: fc.record({
    Type: fc.constantFrom('Speak', 'PlayAudio'),
    Parameters: fc.dictionary(fc.string(), fc.string()),
  }),
});
const state: fc.Arbitrary<TurnState> = fc.record({
  sequence: fc.nat(1_000),
  running: fc.array(fc.oneof(users, fc.constant(start)), { maxLength: 10 }),
  queue: fc.array(fc.oneof(users, fc.constant(start)), { maxLength: 30 }),
  cut: fc.array(users, { maxLength: 10 }),
  done: fc.array(fc.uuid(), { maxLength: 20 }),
  legs: fc.dictionary(
    fc.uuid(),
    fc.record({ sessions: fc.constant([{ id: 's', is: 'open' as const, command: 'c' }]) }),
    { maxKeys: 3 },
  ),
  secure: fc.constant([]),
  untold: fc.constant([]),
  evidence: fc.constant([]),
  pending: fc.array(
    fc.record({
      op: fc.constant('unsend' as const),
      session: fc.uuid(),
      command: fc.uuid(),
      sequence: fc.nat(),
      at: fc.nat(),
    }),
    { maxLength: 40 },
  ),
});

describe('the state in a transaction attribute', () => {
  test('always fits, and never loses which sessions record the legs', () => {
    fc.assert(
      fc.property(state, (before) => {
        const text = encodeState(before);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxStateBytes);
        const after = decodeState(text);
        expect(after?.sequence).toBe(before.sequence);
        expect(after?.legs).toEqual(JSON.parse(JSON.stringify(before.legs)));
        if (!after?.partial) expect(after).toEqual(JSON.parse(JSON.stringify(before)));
      }),
    );
  });

  test("leaves out the application's waiting actions before anything of ours", () => {
    const noise = (index: number): Item => ({
      action: { Type: 'Speak', Parameters: { Text: createHash('sha512').update(String(index)).digest('base64') } },
    });
    const crowded: TurnState = {
      ...emptyState,
      running: [start],
      queue: [...Array.from({ length: 40 }, (_, index) => noise(index)), start],
    };
    const after = decodeState(encodeState(crowded));
    expect(after).toMatchObject({ partial: true, running: [start], queue: [start] });
  });

  test('keeps the legs, the secure sections and what runs, however much was announced or stands by for a failure', () => {
    const noise = (index: number) => createHash('sha512').update(String(index)).digest('base64');
    const prompts = Array.from({ length: 40 }, (_, index) => ({ Type: 'Speak', Parameters: { Text: noise(index) } }));
    const evidence = prompts.map((_, index) => ({ id: noise(index), call: leg, digest: noise(-index), at: '' }));
    const crowded: TurnState = {
      ...emptyState,
      sequence: 7,
      legs: { [leg]: { connected: true, sessions: [{ id: 's', is: 'open', command: 'c' }] } },
      secure: [{ session: 's', command: 'p', leg, maxMs: 60_000 }],
      running: [{ ...start, own: { kind: 'start', session: 's', command: 'c', leg, onFailure: prompts } }],
      evidence,
    };
    const after = decodeState(encodeState(crowded));
    const { sequence, legs, secure } = crowded;
    expect(after).toMatchObject({ sequence, legs, secure, running: [start], partial: true });
  });

  test.each([[undefined], [''], ['1.'], ['1.not-deflated'], ['9.abc'], ['{}']])('%j is none', (text) => {
    expect(decodeState(text)).toBeUndefined();
  });
});
