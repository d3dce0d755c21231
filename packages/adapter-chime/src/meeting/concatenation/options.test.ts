import { describe, expect, test } from 'vitest';
import { chimeMeetingProblems } from '../config.ts';
import { resolveConcatenation } from './options.ts';

const given = (more: object) => ({ region: 'us-east-1', bucket: 'recordings', ...more });

describe('options of how chunks become a file', () => {
  test('have the stated defaults', () => {
    expect(resolveConcatenation()).toEqual({
      maxActive: 3,
      attempts: 3,
      giveUpAfterMs: 7_200_000,
      resultWithinMs: 60_000,
      shortByMs: 3_000,
      chunkMs: 5_000,
      gapToleranceMs: 1_000,
      messages: true,
    });
  });

  test('are all accepted when they are right', () => {
    const s3 = { region: 'eu-central-1', endpoint: 'http://127.0.0.1:1', forcePathStyle: true };
    expect(chimeMeetingProblems(given({ s3, concatenation: resolveConcatenation() }))).toEqual([]);
  });

  test('are told at once, each with its path, when they are wrong', () => {
    const s3 = { region: 'Europe', endpoint: 'bucket', forcePathStyle: 'yes', bukket: 'x', credentials: 1 };
    const concatenation = { maxActive: 0, attempts: 1.5, shortByMs: -1, chunkMs: '5', messages: 'no', attemps: 2 };
    const paths = chimeMeetingProblems(given({ s3, concatenation })).map(({ path }) => path);
    expect(paths.toSorted()).toEqual([
      ...['attemps', 'attempts', 'chunkMs', 'maxActive', 'messages', 'shortByMs'].map(
        (name) => `concatenation.${name}`,
      ),
      ...['bukket', 'credentials', 'endpoint', 'forcePathStyle', 'region'].map((name) => `s3.${name}`),
    ]);
  });

  test.each([null, 3, 'x', []])('are refused when they are %j', (value) => {
    expect(
      chimeMeetingProblems(given({ s3: value, concatenation: value }))
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['concatenation', 's3']);
  });
});
