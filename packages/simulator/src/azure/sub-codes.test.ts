import { CallAutomationClient } from '@azure/communication-call-automation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { azureFaults, azureSubCodes } from './index.ts';
import { openScene, type Scene } from './testing/scene.ts';

function recording({ azure }: Scene) {
  const options = { agent: azure.agent(), retryOptions: { maxRetries: 0 } };
  return new CallAutomationClient(azure.connectionString, options).getCallRecording();
}

const rows = azureSubCodes.flatMap(({ subCode, statuses, name }) =>
  statuses.map((status) => [status, subCode, name] as const),
);

describe('every sub-code', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  test.each(rows)('%i/%s can be provoked (%s), with the chain id', async (status, subCode, name) => {
    scene.azure.faults.next({ match: 'StartRecording', fault: azureFaults.apiError(status, subCode) });
    const { callConnectionId } = scene.call;
    const refusal = await recording(scene)
      .start({ callConnectionId })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ statusCode: status, code: subCode, message: `${name}.` });
    const { headers } = (refusal as { response: { headers: { get(name: string): string } } }).response;
    expect(headers.get('x-microsoft-skype-chain-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(scene.azure.requests().at(-1)).toMatchObject({ operation: 'StartRecording', status, subCode });
    expect(scene.azure.recordingIds()).toEqual([]);
  });
});

test('no sub-code stands twice, and each has a status of an error', () => {
  const codes = azureSubCodes.map(({ subCode }) => subCode);
  expect(new Set(codes).size).toBe(codes.length);
  expect(rows.every(([status]) => status >= 400 && status < 600)).toBe(true);
});

test.each([
  [1, 2],
  [undefined, 1],
])(
  'the SDK sends a throttled command again with Retry-After (%s s), and gives up without',
  async (seconds, requests) => {
    await using scene = await openScene();
    scene.azure.faults.next({
      match: 'StartRecording',
      fault: azureFaults.throttled(seconds === undefined ? undefined : 0),
    });
    const options = { agent: scene.azure.agent(), retryOptions: { maxRetries: 1 } };
    const client = new CallAutomationClient(scene.azure.connectionString, options).getCallRecording();
    const { callConnectionId } = scene.call;
    const started = client.start({ callConnectionId }).then(
      () => 'started',
      ({ statusCode }: { statusCode: number }) => statusCode,
    );
    expect(await started).toBe(seconds === undefined ? 429 : 'started');
    expect(scene.azure.requests()).toHaveLength(requests);
  },
);

test('a failure of the server is answered 500/9999 with the chain id', () => {
  const { status, headers, body } = azureFaults.serverError();
  expect([status, body]).toEqual([500, '{"error":{"code":"9999","message":"Unknown error."}}']);
  expect(headers?.['x-microsoft-skype-chain-id']).toBeDefined();
});
