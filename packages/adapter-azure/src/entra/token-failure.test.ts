import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { knownEntraCodes } from './entra-remedies.ts';
import { tokenFailure } from './token-failure.ts';
import type { Exchange } from './token-http.ts';

/** An answer of the token endpoint. */
function answer(status: number, body: unknown, headers: Record<string, string> = {}): Exchange {
  const request = createPipelineRequest({ url: 'https://login.microsoftonline.com/t/oauth2/v2.0/token' });
  const bodyAsText = typeof body === 'string' ? body : JSON.stringify(body);
  return { answer: { request, status, headers: createHttpHeaders(headers), bodyAsText } };
}

const refusal = (code: string) => ({
  error: 'invalid_client',
  error_description: `${code}: It is not so. Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-01-05 09:00:00Z`,
  correlation_id: 'c-1',
});

test.each(knownEntraCodes)('%s: unauthenticated, with advice of its own', (code) => {
  const { message, remedy, ...failure } = tokenFailure(new Error('refused'), answer(400, refusal(code)));
  expect(failure).toMatchObject({
    code: 'unauthenticated',
    retry: 'never',
    blame: 'caller',
    context: { status: 400, providerCode: code, requestId: 'c-1' },
  });
  expect(message).toBe(`Microsoft Entra answered 400: ${code}: It is not so. ${remedy}`);
  expect(remedy).not.toMatch(/^Check credential, and the environment/);
});

test('a code that nobody knows is told with what can be checked', () => {
  const failure = tokenFailure(new Error('refused'), answer(400, refusal('AADSTS999999')));
  expect(failure).toMatchObject({
    code: 'unauthenticated',
    retry: 'never',
    message: expect.stringContaining('Check credential, and the environment that it reads.'),
  });
});

describe('managed-identity', () => {
  test.each([404, 410, 429, 500, 503])('a host that answers %i may yet give a token', (status) => {
    expect(tokenFailure(new Error('x'), answer(status, {}), 'managed-identity')).toMatchObject({ retry: 'safe' });
  });

  test('an identity that the host does not have is refused', () => {
    const body = { error: 'invalid_request', error_description: 'Identity not found' };
    expect(tokenFailure(new Error('x'), answer(400, body), 'managed-identity')).toMatchObject({
      code: 'unauthenticated',
      retry: 'never',
      message: expect.stringContaining('Identity not found'),
    });
  });
});

test('what the endpoint repeats of the request is not told, nor is the request kept', () => {
  const body = { error: 'x', error_description: 'client_secret=s3cr3t-value at https://u:p@login.example/x?code=abc' };
  const thrown = Object.assign(new Error('x'), { request: { body: 'client_secret=s3cr3t-value' } });
  const failure = tokenFailure(thrown, answer(400, body));
  expect(failure.message).not.toMatch(/s3cr3t-value|u:p@|code=abc/);
  expect(failure.cause).toBeUndefined();
});
