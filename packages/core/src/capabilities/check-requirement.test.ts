import { describe, expect, test } from 'vitest';
import type { Output } from '../format/output.ts';
import type { Capabilities } from './capabilities.ts';
import { checkRequirement } from './check-requirement.ts';
import type { Requirement } from './requirement.ts';

const separate: Output = { media: 'audio', layout: 'separate', container: 'wav' };
const mixed: Output = { media: 'audio', layout: 'mixed', container: 'mp3' };
const video: Output = { media: 'audio-video', layout: 'mixed', container: 'mp4' };

const full: Capabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['azure.server-call'],
  outputs: [mixed, separate],
  pause: { effects: ['omitted'], fidelity: 'native', startPaused: true },
  discard: 'native',
  announce: { fidelity: 'native', sources: ['text'], on: ['azure.call-connection'] },
  starts: { scope: 'call', concurrent: 1, total: 'unlimited' },
  confirms: { start: ['push'], pause: ['poll'], resume: ['poll'], stop: ['poll'] },
  commandPlane: 'direct',
  custody: 'provider',
  lookup: 'token',
  status: true,
};
const bare: Capabilities = { ...full, outputs: [video], pause: false, discard: false, announce: false };

test('a provider that has everything leaves no gap', () => {
  const requirement = { outputs: [separate], pause: 'required', announce: 'required', discard: 'required' } as const;
  expect(checkRequirement(full, requirement)).toEqual({ output: separate, missingPreferred: [], gaps: [] });
});

test('of the alternatives the first that is offered is chosen, and none where none is asked for', () => {
  expect(checkRequirement(full, { outputs: [video, separate, mixed] }).output).toEqual(separate);
  expect(checkRequirement(full, {})).toEqual({ output: undefined, missingPreferred: [], gaps: [] });
});

test('every gap is listed at once, with what there is instead', () => {
  const requirement = {
    outputs: [separate, mixed],
    pause: 'required',
    announce: 'required',
    discard: 'required',
  } as const;
  expect(checkRequirement(bare, requirement)).toEqual({
    output: undefined,
    missingPreferred: [],
    gaps: [
      'outputs: none of audio/separate/wav, audio/mixed/mp3; the provider offers audio-video/mixed/mp4',
      "pause: the provider cannot pause; emulate: ['pause-by-segments'] ends one file and begins another",
      'announce: the provider plays nothing on a call',
      'discard: the provider keeps what it captured',
    ],
  });
});

test('what is only preferred is no gap', () => {
  const { gaps, missingPreferred } = checkRequirement(bare, {
    pause: { strength: 'preferred' },
    announce: 'preferred',
  });
  expect(gaps).toEqual([]);
  expect(missingPreferred.map((text) => text.split(':')[0])).toEqual(['pause', 'announce']);
});

describe('a pause', () => {
  test('of the wrong kind is a gap that names both', () => {
    const requirement = { pause: { effects: ['silence', 'segmented'], startPaused: true } } as const;
    expect(checkRequirement(full, requirement).gaps).toEqual([
      "pause: without the effect silence or segmented, since the provider's is omitted",
    ]);
  });

  test('has the first effect that is asked for and offered', () => {
    const both: Capabilities = {
      ...full,
      pause: { effects: ['omitted', 'silence'], fidelity: 'native', startPaused: true },
    };
    const effect = (pause: Requirement['pause']) => checkRequirement(both, { pause }).pauseEffect;
    expect(effect({ effects: ['segmented', 'silence', 'omitted'] })).toBe('silence');
    expect(effect({ strength: 'preferred', effects: ['silence'] })).toBe('silence');
    expect(effect({ strength: 'preferred', effects: ['segmented'] })).toBeUndefined();
    expect(effect('required')).toBeUndefined();
    expect(effect({ startPaused: true })).toBeUndefined();
  });

  test('from segments counts when it is switched on', () => {
    const emulate = ['pause-by-segments'] as const;
    expect(checkRequirement(bare, { pause: { effects: ['segmented'] } }, { emulate }).gaps).toEqual([]);
    expect(checkRequirement(bare, { pause: { effects: ['omitted'], startPaused: true } }, { emulate }).gaps).toEqual([
      "pause: without the effect omitted, since the provider's is segmented, and without a start in pause, since the provider captures at once",
    ]);
  });

  test('from segments is impossible where only one recording can be started, and then is not advised', () => {
    const once: Capabilities = { ...bare, starts: { scope: 'leg', concurrent: 1, total: 1 } };
    expect(checkRequirement(once, { pause: 'required' }, { emulate: ['pause-by-segments'] }).gaps).toEqual([
      'pause: the provider cannot pause',
    ]);
  });

  test('that the provider has itself is not emulated', () => {
    const emulate = ['pause-by-segments'] as const;
    expect(checkRequirement(full, { pause: { effects: ['segmented'] } }, { emulate }).gaps).toHaveLength(1);
  });
});

describe('an announcement', () => {
  const files: Capabilities = {
    ...full,
    announce: { fidelity: 'native', sources: ['file'], on: ['azure.call-connection'] },
  };

  test('is one of text unless something else is named, and is missing where the provider plays files only', () => {
    for (const announce of ['required', {}, { sources: ['text'] }, { sources: ['text', 'file'] }] as const) {
      expect(checkRequirement(files, { announce }).gaps).toEqual(['announce: not from text, only from file']);
    }
    expect(checkRequirement(files, { announce: 'preferred' })).toMatchObject({
      gaps: [],
      missingPreferred: ['announce: not from text, only from file'],
    });
  });

  test('from files alone is asked for by name', () => {
    expect(checkRequirement(files, { announce: { sources: ['file'] } }).gaps).toEqual([]);
    expect(checkRequirement(full, { announce: { sources: ['file'] } }).gaps).toEqual([
      'announce: not from file, only from text',
    ]);
    const { gaps, missingPreferred } = checkRequirement(bare, {
      announce: { strength: 'preferred', sources: ['file'] },
    });
    expect({ gaps, missingPreferred }).toEqual({
      gaps: [],
      missingPreferred: ['announce: the provider plays nothing on a call'],
    });
  });
});
