import { expect, test } from 'vitest';
import { MU_LAW_SILENCE, muLawOf, samplesOfMuLaw } from './g711.ts';

test('codes as the tables of G.711 say', () => {
  expect([0, 8, -8, 32_635, 32_767, -32_768].map(muLawOf)).toEqual([0xff, 0xfe, 0x7e, 0x80, 0x80, 0x00]);
  expect([...samplesOfMuLaw(Uint8Array.of(0xff, 0x7f, 0x80, 0x00))]).toEqual(
    [0, -0, 32_124, -32_124].map((n) => n + 0),
  );
  expect(MU_LAW_SILENCE).toBe(muLawOf(0));
});

test('every code but the second zero is its own round trip', () => {
  for (let code = 0; code < 256; code += 1) {
    const [sample = 0] = samplesOfMuLaw(Uint8Array.of(code));
    expect(muLawOf(sample)).toBe(code === 0x7f ? 0xff : code);
  }
});

test('is never further off than the step of its segment', () => {
  for (let sample = -32_635; sample <= 32_635; sample += 7) {
    const [back = 0] = samplesOfMuLaw(Uint8Array.of(muLawOf(sample)));
    expect(Math.abs(back - sample)).toBeLessThanOrEqual((Math.abs(sample) + 132) / 32);
  }
});
