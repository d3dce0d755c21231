import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { plugins } from '../inversify/index.ts';
import { chimeInsights } from './index.ts';

const options = { region: 'us-east-1', accountId: '111122223333', bucket: 'recordings', configuration: 'calls' };

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request'))
      return (error.context['problems'] ?? [error.message]) as readonly string[];
    throw error;
  }
  return [];
}

describe('options of the driver', () => {
  test('the fewest, and the ARN of a configuration', () => {
    expect(problemsOf(() => chimeInsights(options))).toEqual([]);
    const configuration = 'arn:aws:chime:us-east-1:111122223333:media-insights-pipeline-configuration/calls';
    expect(problemsOf(() => chimeInsights({ ...options, configuration }))).toEqual([]);
  });

  test('every problem at once, by its path', () => {
    const wrong = {
      ...options,
      region: 'eu-west-1',
      accountId: '1',
      bucket: 's3://x',
      configuration: 'x',
      prefix: '/a',
      fragmentSelector: 'server_timestamp',
      adopt: { voiceConnectors: [], container: 'mp3' },
      events: { secret: 'short' },
      pause: true,
    };
    const paths = problemsOf(() => chimeInsights(wrong as never)).map((line) => line.split(':')[0]);
    expect([...paths].sort()).toEqual(
      [
        'accountId',
        'adopt.container',
        'adopt.voiceConnectors',
        'bucket',
        'configuration',
        'events.secret',
        'fragmentSelector',
        'pause',
        'prefix',
        'region',
      ].sort(),
    );
  });

  test('a configuration of another region or account is refused', () => {
    const configuration = 'arn:aws:chime:us-west-2:111122223333:media-insights-pipeline-configuration/calls';
    expect(problemsOf(() => chimeInsights({ ...options, configuration }))).toEqual([
      'configuration: Must be in the region and account of the options.',
    ]);
  });

  test('a configuration file names it chime-insights', () => {
    const plugin = plugins.find(({ type }) => type === 'chime-insights');
    expect(plugin).toMatchObject({ kind: 'provider' });
  });

  test('without a secret it says at the start that it learns nothing', () => {
    expect(chimeInsights(options).warnings()).toHaveLength(1);
    expect(chimeInsights({ ...options, events: { secret: 'a-secret-that-is-long-enough' } }).warnings()).toEqual([]);
  });
});
