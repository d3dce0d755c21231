import { OnRecordError, type StartPlan } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from './call-ref.ts';
import { fileOptionsOf } from './start-options.ts';

const plan: StartPlan = {
  sessionId: 's',
  partId: 'p1',
  correlation: 's.p1',
  call: asteriskBridge('b'),
  output: { media: 'audio', layout: 'mixed', container: 'wav' },
  startPaused: false,
  command: { commandId: 'c', ordinal: 1, token: 't', firstSentAt: '2026-01-05T09:00:00.000Z' },
};
const opus = { ...plan.output, container: 'ogg' } as const;

test.each<[string, Partial<StartPlan>, object]>([
  ['nothing', {}, { format: 'wav' }],
  ['Opus', { output: opus }, { format: 'opus' }],
  ['a wide band', { providerOptions: { sampleRateHz: 16_000 } }, { format: 'wav16' }],
  ['the limit, rounded up', { maxDurationMs: 90_001 }, { format: 'wav', maxDurationSeconds: 91 }],
  ['less than a second', { maxDurationMs: 1 }, { format: 'wav', maxDurationSeconds: 1 }],
  ['a silence', { providerOptions: { maxSilenceMs: 4_200 } }, { format: 'wav', maxSilenceSeconds: 5 }],
  ['a key', { providerOptions: { terminateOn: '#' } }, { format: 'wav', terminateOn: '#' }],
  ['no key', { providerOptions: { terminateOn: 'none' } }, { format: 'wav' }],
])('asks the server for %s', (_name, given, expected) => {
  expect(fileOptionsOf({ ...plan, ...given }, { sampleRateHz: 8000 })).toEqual(expected);
});

test.each<[string, Partial<StartPlan>, RegExp]>([
  ['a slip', { providerOptions: { maxSilenseMs: 1 } }, /did you mean maxSilenceMs/],
  ['no silence', { providerOptions: { maxSilenceMs: 0 } }, /maxSilenceMs: must be a positive/],
  ['a silence in words', { providerOptions: { maxSilenceMs: '5s' } }, /maxSilenceMs: must be a positive/],
  ['a key of nobody', { providerOptions: { terminateOn: '7' } }, /terminateOn: must be/],
  [
    'a key where none is heard',
    { call: asteriskChannel('c'), providerOptions: { terminateOn: '#' } },
    /mixed on a bridge/,
  ],
  ['another rate', { providerOptions: { sampleRateHz: 44_100 } }, /8000 or 16000/],
  ['a rate of Opus', { output: opus, providerOptions: { sampleRateHz: 16_000 } }, /Opus has 48000/],
  ['a limit past all counting', { maxDurationMs: 2_147_483_648_000 }, /at most 2147483647 seconds/],
])('refuses %s', (_name, given, problem) => {
  try {
    fileOptionsOf({ ...plan, ...given }, { sampleRateHz: 8000 });
    expect.unreachable();
  } catch (error) {
    expect(OnRecordError.is(error, 'invalid-request') && error.message).toMatch(problem);
  }
});
