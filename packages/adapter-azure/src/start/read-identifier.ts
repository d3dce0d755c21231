import {
  type CommunicationIdentifierKind,
  createIdentifierFromRawId,
  getIdentifierRawId,
} from '@azure/communication-common';
import { unknownMembers } from '@onrecord/core';
import type { Problem } from '../config/problem.ts';
import { type Incoming, isObject } from '../json-reader.ts';
import { phoneProblem, rawIdProblem } from './raw-id.ts';
import { flattened } from './wire-identifier.ts';

type Kind = CommunicationIdentifierKind['kind'];

/** Members of each kind of identifier: those that say who it is, which are text, and those that may stand beside. */
const kinds: Readonly<Record<Kind, { readonly who: readonly string[]; readonly beside: readonly string[] }>> = {
  communicationUser: { who: ['communicationUserId'], beside: ['rawId'] },
  phoneNumber: { who: ['phoneNumber'], beside: ['rawId', 'isAnonymous', 'assertedId'] },
  microsoftTeamsUser: { who: ['microsoftTeamsUserId'], beside: ['rawId', 'isAnonymous', 'cloud'] },
  microsoftTeamsApp: { who: ['teamsAppId'], beside: ['rawId', 'cloud'] },
  teamsExtensionUser: { who: ['userId', 'tenantId', 'resourceId'], beside: ['rawId', 'cloud'] },
  unknown: { who: ['id'], beside: [] },
};

const forms =
  'a raw id, { phoneNumber }, { communicationUserId }, { microsoftTeamsUserId }, { teamsAppId }, { userId, tenantId, resourceId }, { id }, or one of the REST API';

/** The SDK's identifier, of its own form or of the REST API's; else undefined and problems. */
export function readIdentifier(
  given: unknown,
  path: string,
  problems: Problem[],
): CommunicationIdentifierKind | undefined {
  if (!isObject(given)) {
    problems.push({ path, message: `Must be a participant: ${forms}.` });
    return undefined;
  }
  const found: Problem[] = [];
  const flat = flattened(given);
  const identifier = isBare(flat) ? ofRawId(flat, path, found) : ofMembers(flat, path, found);
  problems.push(...found);
  return found.length === 0 ? identifier : undefined;
}

function isBare(flat: Incoming): boolean {
  return flat['rawId'] !== undefined && Object.keys(flat).every((name) => name === 'rawId' || name === 'kind');
}

/** A kind of which this version does not know comes with a raw id alone; it goes back as it came. */
function ofRawId(
  { rawId, kind }: Incoming,
  path: string,
  problems: Problem[],
): CommunicationIdentifierKind | undefined {
  const message = memberProblem('rawId', rawId);
  if (typeof rawId !== 'string' || message !== undefined) {
    problems.push({ path: `${path}.rawId`, message: message ?? '' });
    return undefined;
  }
  const identifier = createIdentifierFromRawId(rawId);
  if (kind === undefined || kind === identifier.kind) return identifier;
  if (kind === 'unknown' || (typeof kind === 'string' && !Object.hasOwn(kinds, kind))) {
    return { kind: 'unknown', id: rawId };
  }
  problems.push({ path: `${path}.kind`, message: `Must be ${identifier.kind}, as rawId says.` });
  return undefined;
}

function ofMembers(flat: Incoming, path: string, problems: Problem[]): CommunicationIdentifierKind | undefined {
  const named = (Object.keys(kinds) as Kind[]).filter((kind) =>
    kinds[kind].who.some((name) => flat[name] !== undefined),
  );
  const [kind] = named;
  if (kind === undefined) {
    const near = unknownMembers(flat, ['kind', ...Object.values(kinds).flatMap(({ who }) => who)], path);
    const guesses = near.filter(({ message }) => message.includes('did you mean'));
    problems.push(...(guesses.length > 0 ? guesses : [{ path, message: `Names nobody; it must be ${forms}.` }]));
    return undefined;
  }
  if (named.length > 1) {
    problems.push({ path, message: `Must name one participant, not a ${named.join(' and a ')} at once.` });
    return undefined;
  }
  const { who, beside } = kinds[kind];
  problems.push(...unknownMembers(flat, ['kind', ...who, ...beside], path));
  if (flat['kind'] !== undefined && flat['kind'] !== kind) {
    problems.push({ path: `${path}.kind`, message: `Must be ${kind}, as its other members say.` });
  }
  for (const member of [...who, ...beside]) {
    if (flat[member] === undefined && beside.includes(member)) continue;
    const message = memberProblem(member, flat[member]);
    if (message !== undefined) problems.push({ path: `${path}.${member}`, message });
  }
  if (problems.length > 0) return undefined;
  const identifier = { ...flat, kind } as CommunicationIdentifierKind;
  checkRawId(identifier, path, problems);
  return identifier;
}

function memberProblem(member: string, value: unknown): string | undefined {
  if (member === 'isAnonymous') return typeof value === 'boolean' ? undefined : 'Must be true or false.';
  if (member === 'cloud') {
    return value === 'public' || value === 'dod' || value === 'gcch' ? undefined : 'Must be public, dod or gcch.';
  }
  if (typeof value !== 'string' || value === '') return 'Must be text that is not empty.';
  if (/[\s\p{Cc}]/u.test(value)) return 'Must hold no space, line break or control character.';
  if (member === 'phoneNumber') return phoneProblem(value);
  if (member === 'rawId' || member === 'id' || member === 'communicationUserId') return rawIdProblem(value);
  return member !== 'assertedId' && value.includes(':')
    ? 'Must be an id alone, without the prefix of a raw id.'
    : undefined;
}

/** Its raw id, by which the service knows it, must be of the same kind and person as the rest. */
function checkRawId(identifier: CommunicationIdentifierKind, path: string, problems: Problem[]): void {
  const { kind } = identifier;
  const rawId =
    'rawId' in identifier && identifier.rawId !== undefined ? identifier.rawId : getIdentifierRawId(identifier);
  const known = createIdentifierFromRawId(rawId).kind;
  // A dual persona of Teams Phone has the form of a communication user: only the service tells them apart for sure.
  const isDual = kind === 'communicationUser' && known === 'teamsExtensionUser';
  if (kind !== 'unknown' && known !== kind && !isDual) {
    const member = 'rawId' in identifier ? 'rawId' : kinds[kind].who[0];
    problems.push({ path: `${path}.${member}`, message: `Must be of a ${kind}, not of a ${known}.` });
    return;
  }
  const names = kinds[kind].who.map((member) => String(Reflect.get(identifier, member)));
  if (!names.every((name) => holds(rawId, name))) {
    problems.push({ path: `${path}.rawId`, message: 'Names somebody else than the members beside it.' });
  }
}

/** Whether a name is the raw id, all of it after its prefix, or one of the parts that it has between `:` and `_`. */
function holds(rawId: string, name: string): boolean {
  return rawId === name || rawId.endsWith(`:${name}`) || rawId.split(/[:_]/).includes(name);
}
