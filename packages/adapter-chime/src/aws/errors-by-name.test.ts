import { errorCodes } from '@onrecord/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnsweringAws, openAnsweringAws, services } from '../testing/answering-aws.ts';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import { classifyAwsError } from './classify-error.ts';
import { verdicts } from './errors-by-name.ts';

interface Model {
  readonly shapes: {
    readonly [id: string]: {
      readonly members?: Readonly<Record<string, unknown>>;
      readonly traits?: { readonly 'smithy.api#httpError'?: number };
    };
  };
}

const models = withoutReference ? [] : referenceFiles('.').map(([, model]) => model as Model);

/** Every exception of the three services with its status. */
const exceptions = [
  ...new Map(
    models.flatMap(({ shapes }) =>
      Object.entries(shapes).flatMap(([id, { traits }]) => {
        const status = traits?.['smithy.api#httpError'];
        const name = id.split('#')[1] ?? '';
        return status === undefined ? [] : [[name, [name, status] as const]];
      }),
    ),
  ).values(),
];

/** What `Code` may say. */
const bodyCodes = [
  ...new Set(
    models.flatMap(({ shapes }) =>
      Object.entries(shapes).flatMap(([id, { members = {} }]) =>
        id.endsWith('#ErrorCode') ? Object.keys(members) : [],
      ),
    ),
  ),
];

let aws: AnsweringAws;
beforeAll(async () => {
  aws = await openAnsweringAws();
});
afterAll(() => aws[Symbol.asyncDispose]());

const RequestId = '482cc26c-e10f-8471-a03a-417ce1b7cb91';

describe.skipIf(withoutReference)('the errors of the official models', () => {
  test('are all there, of three services', () => {
    expect(models).toHaveLength(3);
    expect(exceptions.length).toBeGreaterThanOrEqual(17);
    expect(bodyCodes.length).toBeGreaterThanOrEqual(16);
  });

  test.each(services.flatMap((service) => exceptions.map(([name, status]) => [service, name, status] as const)))(
    '%s: %s (%i) has a code, advice and blame of its own, and its request id',
    async (service, name, status) => {
      const code = verdicts[name.replace(/Exception$/, '')]?.code;
      expect(code).toBeDefined();
      const message = { Code: 'Anything', Message: 'It did not work.', RequestId };
      for (const said of [
        { headers: { 'x-amzn-errortype': name, 'x-amzn-requestid': RequestId }, body: message },
        { headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` }, body: message },
        // Beside a `Code` the SDK takes that for the name.
        { headers: {}, body: { __type: `com.amazonaws.chime#${name}`, Message: 'It did not work.', RequestId } },
      ]) {
        aws.answer({
          status,
          headers: { 'content-type': 'application/json', ...said.headers },
          body: JSON.stringify(said.body),
        });
        const judgement = classifyAwsError(await aws.thrown(service), 'only-with-same-key');
        expect(judgement).toMatchObject({ code, requestId: RequestId, providerCode: name });
        expect(errorCodes.filter((each) => each !== 'unknown')).toContain(judgement.code);
      }
    },
  );

  test.each(services.flatMap((service) => bodyCodes.map((code) => [service, code] as const)))(
    '%s: an answer that has but the Code %s is understood by it',
    async (service, Code) => {
      const expected = verdicts[Code]?.code;
      expect(expected).toBeDefined();
      aws.answer({
        status: 400,
        headers: { 'content-type': 'application/json', 'x-amzn-requestid': RequestId },
        body: JSON.stringify({ Code, Message: 'It did not work.' }),
      });
      const judgement = classifyAwsError(await aws.thrown(service), 'only-with-same-key');
      expect(judgement).toMatchObject({ code: expected, requestId: RequestId });
    },
  );
});

test.each([
  ['UnrecognizedClientException', 403, 'unauthenticated'],
  ['InvalidSignatureException', 403, 'unauthenticated'],
  ['ExpiredTokenException', 403, 'unauthenticated'],
  ['OptInRequired', 403, 'permission-denied'],
  ['TooManyRequestsException', 429, 'rate-limited'],
  ['InternalFailure', 500, 'unavailable'],
  ['UnknownOperationException', 404, 'provider-contract'],
] as const)('%s (%i), which stands before every service, is %s', async (name, status, code) => {
  aws.answer({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
    body: '{"message":"no"}',
  });
  for (const service of services) {
    const judgement = classifyAwsError(await aws.thrown(service), 'only-with-same-key');
    expect(judgement).toMatchObject({ code, providerCode: name });
  }
});
