import { isRecord } from '../schema/shape.ts';

type Cloud = 'public' | 'dod' | 'gcch';

/** A participant on the wire, as the service writes it; see `CommunicationIdentifierModel`. */
export interface WireIdentifier {
  readonly rawId: string;
  readonly kind:
    | 'communicationUser'
    | 'phoneNumber'
    | 'microsoftTeamsUser'
    | 'microsoftTeamsApp'
    | 'teamsExtensionUser'
    | 'unknown';
  readonly communicationUser?: { readonly id: string };
  readonly phoneNumber?: { readonly value: string; readonly isAnonymous?: true };
  readonly microsoftTeamsUser?: { readonly userId: string; readonly isAnonymous: boolean; readonly cloud: Cloud };
  readonly microsoftTeamsApp?: { readonly appId: string; readonly cloud: Cloud };
  readonly teamsExtensionUser?: {
    readonly userId: string;
    readonly tenantId: string;
    readonly resourceId: string;
    readonly cloud: Cloud;
  };
}

/**
 * The raw id of an address in a virtual call: `+1555…` is a phone number (`4:+1555…`), what already is a raw id stays
 * itself, any other word is a user of the resource (`8:acs:<resource>_<word>`).
 */
export function rawIdOf(address: string, resourceId: string): string {
  if (/^\+\d+$/.test(address)) return `4:${address}`;
  return /^(4|8|28|48):/.test(address) ? address : `8:acs:${resourceId}_${address}`;
}

/** The identifier that the service sends for a raw id. */
export function identifierOf(rawId: string): WireIdentifier {
  if (rawId.startsWith('4:')) {
    const value = rawId.slice('4:'.length);
    const phoneNumber = value === 'anonymous' ? ({ value, isAnonymous: true } as const) : { value };
    return { rawId, kind: 'phoneNumber', phoneNumber };
  }
  const [, type = '', scope = '', rest = ''] = /^(8|28):([a-z-]+):(.*)$/.exec(rawId) ?? [];
  const cloud = cloudOf(scope);
  if (type === '28' && cloud) return { rawId, kind: 'microsoftTeamsApp', microsoftTeamsApp: { appId: rest, cloud } };
  if (scope === 'teamsvisitor') return teamsUser(rawId, rest, true, 'public');
  if (type === '8' && cloud) return teamsUser(rawId, rest, false, cloud);
  const [resourceId = '', tenantId = '', userId = '', ...more] = rest.split('_');
  if (type === '8' && userId !== '' && more.length === 0) {
    const extension = { userId, tenantId, resourceId, cloud: cloudOf(scope.replace(/-?acs$/, '')) ?? 'public' };
    return { rawId, kind: 'teamsExtensionUser', teamsExtensionUser: extension };
  }
  if (rawId.startsWith('8:')) return { rawId, kind: 'communicationUser', communicationUser: { id: rawId } };
  return { rawId, kind: 'unknown' };
}

function teamsUser(rawId: string, userId: string, isAnonymous: boolean, cloud: Cloud): WireIdentifier {
  return { rawId, kind: 'microsoftTeamsUser', microsoftTeamsUser: { userId, isAnonymous, cloud } };
}

function cloudOf(scope: string): Cloud | undefined {
  if (scope === 'orgid') return 'public';
  return scope === 'dod' || scope === 'gcch' ? scope : undefined;
}

/** The raw id that an identifier in a request names, by its own member or by the member of its kind. */
export function requestedRawId(identifier: unknown): string | undefined {
  if (!isRecord(identifier)) return undefined;
  if (typeof identifier['rawId'] === 'string' && identifier['rawId'] !== '') return identifier['rawId'];
  for (const [kind, rawId] of Object.entries(rawIds)) {
    const value = identifier[kind];
    if (isRecord(value)) return rawId(value);
  }
  return undefined;
}

type Member = Readonly<Record<string, unknown>>;

const prefixed = (prefix: string, value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? `${prefix}${value}` : undefined;

const scopeOf = ({ cloud }: Member): string => (cloud === 'dod' || cloud === 'gcch' ? cloud : 'orgid');

/** By kind, what its member names. */
const rawIds: Readonly<Record<string, (member: Member) => string | undefined>> = {
  communicationUser: ({ id }) => prefixed('', id),
  phoneNumber: ({ value }) => prefixed('4:', value),
  microsoftTeamsUser: (member) =>
    prefixed(member['isAnonymous'] === true ? '8:teamsvisitor:' : `8:${scopeOf(member)}:`, member['userId']),
  microsoftTeamsApp: (member) => prefixed(`28:${scopeOf(member)}:`, member['appId']),
  teamsExtensionUser: (member) => {
    const scope = scopeOf(member);
    const prefix = scope === 'orgid' ? '8:acs:' : `8:${scope}-acs:`;
    return prefixed(`${prefix}${member['resourceId']}_${member['tenantId']}_`, member['userId']);
  },
};

/** Kinds whose member may stand beside `rawId` and `kind`. */
export const identifierKinds: readonly string[] = Object.keys(rawIds);
