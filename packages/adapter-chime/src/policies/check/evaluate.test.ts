import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, type ServiceRequest } from './evaluate.ts';
import { fits, fitsArn } from './wildcard.ts';

const service = 'voiceconnector.chime.amazonaws.com';
const request: ServiceRequest = {
  service,
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::recordings/calls/a.wav',
  context: new Map([
    ['aws:sourceaccount', '111122223333'],
    ['aws:sourcearn', 'arn:aws:chime:us-east-1:111122223333:sma/sma-1'],
    ['aws:securetransport', 'true'],
    ['aws:principalorgid', 'absent'],
  ]),
};
const allow = {
  Sid: 'A',
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::recordings/*',
};
const decide = (...statements: readonly object[]) =>
  evaluate({ Version: '2012-10-17', Statement: statements }, request).kind;

describe('a statement admits the service', () => {
  test.each([
    ['as it is', {}],
    ['with lists', { Principal: { Service: ['x.amazonaws.com', service] }, Action: ['s3:GetObject', 's3:PutObject'] }],
    ['with wildcards', { Action: 's3:Put*', Resource: ['arn:aws:s3:::recordings', 'arn:aws:s3:::rec?rdings/*/*.wav'] }],
    ['by an action in another case', { Action: 'S3:putobject' }],
    ['as everybody', { Principal: '*', Action: '*', Resource: '*' }],
    ['as every account', { Principal: { AWS: '*' } }],
    [
      'by what it does not name',
      { Action: undefined, NotAction: 's3:GetObject', Resource: undefined, NotResource: 'arn:x' },
    ],
    ['for its account', { Condition: { StringEquals: { 'AWS:SourceAccount': ['999999999999', '111122223333'] } } }],
    ['for its ARN', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:chime:*:111122223333:*' } } }],
    ['for its ARN as text', { Condition: { StringLike: { 'aws:SourceArn': 'arn:aws:chime:*:sma/*' } } }],
    [
      'where a key is not there and may be missing',
      { Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o' } } },
    ],
    ['where a key must not be there', { Condition: { Null: { 'aws:PrincipalOrgID': 'true' } } }],
    ['over TLS', { Condition: { Bool: { 'aws:SecureTransport': true } } }],
  ])('%s', (_, changes) => {
    expect(decide({ ...allow, ...changes })).toBe('allowed');
  });
});

describe('a statement does not admit the service', () => {
  test.each([
    ['that is another', { Principal: { Service: 'mediapipelines.chime.amazonaws.com' } }],
    ['for being an account', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }],
    ['to another action', { Action: ['s3:GetObject', 's3:PutObjectAcl'] }],
    ['to another bucket', { Resource: 'arn:aws:s3:::recordings2/*' }],
    ['to the bucket without its objects', { Resource: 'arn:aws:s3:::recordings' }],
    ['to another prefix', { Resource: 'arn:aws:s3:::recordings/Calls/*' }],
    ['by what it excepts', { Principal: undefined, NotPrincipal: { Service: service } }],
    ['for another account', { Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } }],
    ['for another region', { Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:chime:eu-west-1:*:*' } } }],
    [
      'as an ARN whose wildcard ends at a colon',
      { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:chime:*:sma/sma-1' } } },
    ],
    [
      'when one of two conditions fails',
      { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333', 'aws:PrincipalOrgID': 'o' } } },
    ],
  ])('%s', (_, changes) => {
    expect(decide({ ...allow, ...changes })).toBe('not-allowed');
  });

  test('when there is none, or the policy is nothing that is one', () => {
    expect(decide()).toBe('not-allowed');
    for (const policy of [undefined, null, 'text', [], { Statement: 'x' }, { Statement: [null, 7] }]) {
      expect(evaluate(policy, request).kind).toBe('not-allowed');
    }
  });
});

describe('a denial', () => {
  const deny = { ...allow, Sid: 'D', Effect: 'Deny', Principal: '*', Action: 's3:*' };

  test('beats what allows, wherever it stands, and is named', () => {
    for (const statements of [
      [allow, deny],
      [deny, allow],
    ]) {
      expect(evaluate({ Statement: statements }, request)).toEqual({ kind: 'denied', statement: 'D' });
    }
    expect(evaluate({ Statement: { ...deny, Sid: undefined } }, request)).toEqual({
      kind: 'denied',
      statement: 'number 1',
    });
  });

  test('of whoever is not of the organization denies a service, which is of none', () => {
    const Condition = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } };
    expect(decide(allow, { ...deny, Condition })).toBe('denied');
    const anyOf = (operator: string) => ({ ...deny, Condition: { [operator]: { 'aws:PrincipalOrgID': 'o-1' } } });
    expect(decide(allow, anyOf('StringNotEqualsIfExists'))).toBe('denied');
    expect(decide(allow, anyOf('ForAllValues:StringEquals'))).toBe('denied');
    expect(decide(allow, anyOf('ForAnyValue:StringNotEquals'))).toBe('allowed');
    expect(decide(allow, anyOf('StringEquals'))).toBe('allowed');
  });

  test('of requests without TLS leaves the service alone', () => {
    expect(decide(allow, { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })).toBe('allowed');
  });

  test.each([
    { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    { NumericLessThan: { 's3:TlsVersion': '1.2' } },
    { StringEquals: { 's3:x-amz-acl': 'private' } },
    { StringEquals: { 'aws:SourceAccount': '${aws:PrincipalAccount}' } },
    { Future: { 'aws:SourceAccount': '1' } },
    'nonsense',
  ])('that hangs on %j is unclear', (Condition) => {
    expect(decide(allow, { ...deny, Condition })).toBe('unclear');
  });
});

test('an allowance that hangs on what is not known is unclear', () => {
  expect(decide({ ...allow, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })).toBe('unclear');
  expect(decide({ ...allow, Resource: 'arn:aws:s3:::recordings/${aws:username}/*' })).toBe('unclear');
});

describe('a pattern', () => {
  test('fits as the same regular expression does', () => {
    const sign = fc.constantFrom('a', 'b', '.', '/');
    const text = fc.string({ unit: sign, maxLength: 12 });
    const pattern = fc.string({ unit: fc.oneof(sign, fc.constantFrom('*', '?')), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, (given, wanted) => {
        const source = wanted.replace(/[.]/g, '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(fits(given, wanted)).toBe(new RegExp(`^${source}$`).test(given));
      }),
      { numRuns: 1_000 },
    );
  });

  test('takes no longer for many wildcards', () => {
    expect(fits('a'.repeat(1_000), `${'*a'.repeat(500)}b`)).toBe(false);
  });

  test('of an ARN keeps to its parts', () => {
    expect(fitsArn('arn:aws:chime:us-east-1:1:sma/x:y', 'arn:aws:chime:*:1:sma/*')).toBe(true);
    expect(fitsArn('arn:aws:chime:us-east-1:1:sma/x', 'arn:aws:*:1:sma/x')).toBe(false);
  });
});
