import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CommunicationIdentifier,
  createIdentifierFromRawId,
  getIdentifierKind,
  getIdentifierRawId,
} from '@azure/communication-common';
import { describe, expect, test } from 'vitest';
import { describe as inWords, type Problem } from './config/problem.ts';
import { type AzureParticipant, readParticipant } from './participant.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const reference = join(process.env['ONRECORD_REFERENCE'] ?? join(repository, '../shared/reference'), 'azure');
const present = existsSync(reference);
if (!present) console.warn(`skipped: no reference data at ${reference}; identifiers are not compared with it`);

const resource = '631fa8d8-aab5-4ac5-8e15-261aa2590750';
const user = '0000000c-d8b0-8adc-73ff-234822000345';
const tenant = 'a2e6ee12-6a51-4c4c-a0ab-5a1b7b0a5e7d';

function read(given: unknown) {
  const problems: Problem[] = [];
  const participant = readParticipant(given, 'who', problems);
  return { ...participant, problems: problems.map(inWords) };
}

describe('raw ids of every kind', () => {
  test.each([
    [`8:acs:${resource}_${user}`, 'communicationUser'],
    [`8:dod-acs:${resource}_${user}`, 'communicationUser'],
    [`8:gcch-acs:${resource}_${user}`, 'communicationUser'],
    ['8:spool:abc', 'communicationUser'],
    [`8:acs:${resource}_${tenant}_${user}`, 'teamsExtensionUser'],
    [`8:dod-acs:${resource}_${tenant}_${user}`, 'teamsExtensionUser'],
    [`8:gcch-acs:${resource}_${tenant}_${user}`, 'teamsExtensionUser'],
    ['4:+15550100', 'phoneNumber'],
    ['4:+15550100_2', 'phoneNumber'],
    ['4:5550', 'phoneNumber'],
    ['4:anonymous', 'phoneNumber'],
    [`8:orgid:${user}`, 'microsoftTeamsUser'],
    [`8:dod:${user}`, 'microsoftTeamsUser'],
    [`8:gcch:${user}`, 'microsoftTeamsUser'],
    [`8:teamsvisitor:${user}`, 'microsoftTeamsUser'],
    [`28:orgid:${user}`, 'microsoftTeamsApp'],
    [`28:dod:${user}`, 'microsoftTeamsApp'],
    [`28:gcch:${user}`, 'microsoftTeamsApp'],
    [`28:${user}`, 'unknown'],
    ['48:conference', 'unknown'],
  ])('%s is a %s', (rawId, kind) => {
    expect(read(rawId)).toEqual({ rawId, identifier: createIdentifierFromRawId(rawId), problems: [] });
    expect(read(rawId).identifier?.kind).toBe(kind);
  });
});

const identifiers: readonly [string, CommunicationIdentifier, object][] = [
  [
    'CommunicationUserIdentifier',
    { communicationUserId: `8:acs:${resource}_${user}` },
    { rawId: `8:acs:${resource}_${user}`, communicationUser: { id: `8:acs:${resource}_${user}` } },
  ],
  [
    'PhoneNumberIdentifier',
    { phoneNumber: '+15550100' },
    { rawId: '4:+15550100', phoneNumber: { value: '+15550100' } },
  ],
  [
    'PhoneNumberIdentifier of a withheld number',
    { phoneNumber: 'anonymous', isAnonymous: true },
    { rawId: '4:anonymous', phoneNumber: { value: 'anonymous', isAnonymous: true } },
  ],
  [
    'PhoneNumberIdentifier of the second leg of a number',
    { phoneNumber: '+15550100', assertedId: '2', rawId: '4:+15550100_2' },
    { rawId: '4:+15550100_2', phoneNumber: { value: '+15550100', assertedId: '2' } },
  ],
  [
    'MicrosoftTeamsUserIdentifier',
    { microsoftTeamsUserId: user },
    { rawId: `8:orgid:${user}`, microsoftTeamsUser: { userId: user } },
  ],
  [
    'MicrosoftTeamsUserIdentifier of another cloud',
    { microsoftTeamsUserId: user, cloud: 'gcch' },
    { rawId: `8:gcch:${user}`, microsoftTeamsUser: { userId: user, cloud: 'gcch' } },
  ],
  [
    'MicrosoftTeamsUserIdentifier of a guest',
    { microsoftTeamsUserId: user, isAnonymous: true },
    { rawId: `8:teamsvisitor:${user}`, microsoftTeamsUser: { userId: user, isAnonymous: true } },
  ],
  [
    'MicrosoftTeamsAppIdentifier',
    { teamsAppId: user, cloud: 'dod' },
    { rawId: `28:dod:${user}`, microsoftTeamsApp: { appId: user, cloud: 'dod' } },
  ],
  [
    'TeamsExtensionUserIdentifier',
    { userId: user, tenantId: tenant, resourceId: resource },
    {
      rawId: `8:acs:${resource}_${tenant}_${user}`,
      teamsExtensionUser: { userId: user, tenantId: tenant, resourceId: resource },
    },
  ],
  ['UnknownIdentifier', { id: '48:conference' }, { rawId: '48:conference' }],
];

describe.each(identifiers)('%s', (_name, identifier, wire) => {
  const kinded = getIdentifierKind(identifier);
  const rawId = getIdentifierRawId(identifier);

  test.each<[string, AzureParticipant]>([
    ["in the SDK's form", identifier],
    ['with its kind', kinded],
    ["in the REST API's form", wire],
    ["in the REST API's form, with its kind", { kind: kinded.kind, ...wire }],
    ['as JSON gives it back', JSON.parse(JSON.stringify(kinded))],
  ])('%s', (_form, given) => {
    expect(read(given)).toMatchObject({ rawId, identifier: { ...identifier, kind: kinded.kind }, problems: [] });
  });
});

test('a number keeps the part of its raw id that tells two legs of it apart', () => {
  const leg = { kind: 'phoneNumber', rawId: '4:+15550100_x', phoneNumber: { value: '+15550100', assertedId: 'x' } };
  expect(read(leg)).toMatchObject({ rawId: '4:+15550100_x', problems: [] });
});

test('what the service calls unknown stays so, and a raw id alone says its kind', () => {
  const account = { kind: 'unknown', rawId: `28:orgid:${user}` };
  expect(read(account)).toMatchObject({ rawId: account.rawId, identifier: { kind: 'unknown', id: account.rawId } });
  expect(read({ kind: 'hologram', rawId: '99:x' })).toMatchObject({ identifier: { kind: 'unknown', id: '99:x' } });
  expect(read({ rawId: '4:+15550100' })).toMatchObject({ identifier: { kind: 'phoneNumber' }, problems: [] });
});

describe('what names nobody is refused, with its path and the rule', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', '', /^who: Must be a raw id, such as/],
    ['a number without its prefix', '+15550100', /begins with 4:, e\.g\. 4:\+15550100/],
    ['a number with spaces', '4:+1 555 0100', /no space/],
    ['a number too long', '4:+1234567890123456', /at most 15 digits/],
    ['a number with hyphens', '4:+1-555-0100', /E\.164/],
    ['a prefix twice', '4:4:+15550100', /alone/],
    ['a prefix alone', '8:acs:', /after 8:acs: comes the id/],
    ['half a prefix', '8:acs', /after 8:acs: comes the id/],
    ['another case', '8:ACS:x', /begins with 8:acs:, in lower case/],
    ['a name', 'caller', /raw id/],
    ['a GUID', user, /raw id/],
    ['a number', 4, /Must be a participant/],
    ['nobody', null, /Must be a participant/],
    ['a list', ['4:+15550100'], /Must be a participant/],
    ['an empty object', {}, /Names nobody/],
    ['a slip', { phonenumber: '+15550100' }, /who\.phonenumber: .*did you mean phoneNumber/],
    ['a slip beside', { teamsAppId: 'a', clout: 'dod' }, /who\.clout: .*did you mean cloud/],
    ['two people', { phoneNumber: '+15550100', communicationUserId: '8:acs:x' }, /one participant/],
    ['two models', { phoneNumber: { value: '+15550100' }, communicationUser: { id: '8:acs:x' } }, /one participant/],
    ['a raw id for a number', { phoneNumber: '4:+15550100' }, /who\.phoneNumber: .*only its raw id begins with 4:/],
    [
      'a Teams user for a communication user',
      { communicationUserId: '8:orgid:x' },
      /communicationUserId: Must be of a/,
    ],
    ['a number for a communication user', { communicationUserId: '4:+15550100' }, /of a communicationUser/],
    [
      'a raw id for a Teams user',
      { microsoftTeamsUserId: '8:orgid:x' },
      /who\.microsoftTeamsUserId: .*without the prefix/,
    ],
    ['another kind', { kind: 'phoneNumber', communicationUserId: '8:acs:x' }, /who\.kind: Must be communicationUser/],
    ['another kind than its raw id', { kind: 'phoneNumber', rawId: '8:acs:x' }, /who\.kind: Must be communicationUser/],
    [
      'a raw id of another kind',
      { phoneNumber: '+15550100', rawId: '8:acs:x' },
      /who\.rawId: Must be of a phoneNumber/,
    ],
    [
      'a raw id of somebody else',
      { phoneNumber: '+15550100', rawId: '4:+15550199' },
      /who\.rawId: Names somebody else/,
    ],
    [
      'a raw id that begins with his number',
      { phoneNumber: '+1', rawId: '4:+15550199' },
      /who\.rawId: Names somebody else/,
    ],
    [
      'a raw id that begins with his id',
      { communicationUserId: '8:acs:r_u', rawId: '8:acs:r_u2' },
      /who\.rawId: Names somebody else/,
    ],
    ['another cloud', { teamsAppId: 'a', cloud: 'mars' }, /who\.cloud: Must be public, dod or gcch/],
    ['half a dual persona', { userId: user }, /who\.tenantId: Must be text/],
    ['a flag as text', { phoneNumber: 'anonymous', isAnonymous: 'yes' }, /who\.isAnonymous: Must be true or false/],
    ['an unknown one without id', { id: '' }, /who\.id: Must be text/],
    ['a bare raw id that is none', { kind: 'unknown', rawId: 'x' }, /who\.rawId: Must be a raw id/],
  ])('%s', (_name, given, message) => {
    const { rawId, problems } = read(given);
    expect(rawId).toBeUndefined();
    expect(problems.join('\n')).toMatch(message);
  });

  test('everything that is wrong with one is told at once', () => {
    expect(read({ teamsAppId: '', cloud: 'mars', kind: 'phoneNumber' }).problems).toHaveLength(3);
  });
});

test.skipIf(!present)('every kind of identifier of the API description is taken', () => {
  const file = join(reference, 'common-2025-06-30/common.json');
  const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly definitions: { readonly CommunicationIdentifierModelKind: { readonly enum: readonly string[] } };
  };
  const known = identifiers.map(([, identifier]) => getIdentifierKind(identifier).kind as string);
  expect([...new Set(known)].sort()).toEqual(definitions.CommunicationIdentifierModelKind.enum.toSorted());
});
