import { describe, expect, test } from 'vitest';
import { checkLanding } from './host.ts';

describe('where recordings land', () => {
  test.each([undefined, '', 'calls', 'calls/2026.v1/a-b_c', 'x'.repeat(874)])('prefix %j is sound', (prefix) => {
    expect(checkLanding({ bucket: 'recordings', prefix })).toEqual({ bucket: 'recordings', prefix });
  });

  test.each([
    ['Recordings', 'calls', /bucket/],
    ['arn:aws:s3:::recordings', 'calls', /bucket/],
    ['s3://recordings', undefined, /bucket/],
    ['recordings', '/calls', /prefix is not/],
    ['recordings', 'calls/', /prefix is not/],
    ['recordings', 'calls//a', /prefix is not/],
    ['recordings', 'calls/../a', /prefix is not/],
    ['recordings', '..', /prefix is not/],
    ['recordings', 'calls a', /prefix is not/],
    ['recordings', 'calls#1', /prefix is not/],
    ['recordings', 'räume', /prefix is not/],
    ['recordings', 'x'.repeat(875), /more than 874 bytes/],
    ['recordings', 'ä'.repeat(438), /prefix is not.*more than 874 bytes/],
    ['B', 'a/', /bucket.*prefix is not/],
  ])('%s under %j is refused by field and rule', (bucket, prefix, message) => {
    expect(() => checkLanding({ bucket, prefix })).toThrow(
      expect.objectContaining({ code: 'invalid-request', message: expect.stringMatching(message) }),
    );
  });
});
