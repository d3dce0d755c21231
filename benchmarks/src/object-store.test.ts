import { beforeAll, describe, expect, test } from 'vitest';
import { bundleOf } from './bundle.ts';
import { objectStorePrograms } from './object-store-programs.ts';
import { type InvocationRequests, smaStoreRequests } from './sma-store-requests.ts';

test('the object session store is at most 40 KiB without a driver', async () => {
  const { bytes } = await bundleOf('object-store-test', objectStorePrograms.alone);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(40 * 1024);
});

describe('a call that is announced, recorded and hung up, on a Lambda with the object store', () => {
  let invocations: readonly InvocationRequests[];
  beforeAll(async () => {
    invocations = await smaStoreRequests();
  });

  test('lists nothing', () => {
    expect(invocations.map(({ invocation }) => invocation)).toEqual([
      'NEW_INBOUND_CALL',
      'ACTION_SUCCESSFUL Speak',
      'ACTION_SUCCESSFUL StartCallRecording',
      'HANGUP Hangup',
    ]);
    const operations = new Set(invocations.flatMap(({ requests }) => Object.keys(requests)));
    expect([...operations].sort()).toEqual(['DeleteObject', 'GetObject', 'PutObject']);
  });

  test('makes at most ten requests an invocation', () => {
    for (const { invocation, requests } of invocations) {
      const sum = Object.values(requests).reduce((total, count) => total + count, 0);
      expect(sum, invocation).toBeLessThanOrEqual(10);
    }
  });
});
