import { isRecord } from '../schema/shape.ts';

/** A participant on the wire, as the service writes it; see `CommunicationIdentifierModel`. */
export interface WireIdentifier {
  readonly rawId: string;
  readonly kind: 'communicationUser' | 'phoneNumber' | 'microsoftTeamsUser' | 'microsoftTeamsApp' | 'unknown';
  readonly communicationUser?: { readonly id: string };
  readonly phoneNumber?: { readonly value: string };
  readonly microsoftTeamsUser?: { readonly userId: string; readonly isAnonymous: boolean; readonly cloud: 'public' };
  readonly microsoftTeamsApp?: { readonly appId: string; readonly cloud: 'public' };
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
  const rest = (prefix: string): string => rawId.slice(prefix.length);
  if (rawId.startsWith('4:')) return { rawId, kind: 'phoneNumber', phoneNumber: { value: rest('4:') } };
  if (rawId.startsWith('8:orgid:')) {
    const microsoftTeamsUser = { userId: rest('8:orgid:'), isAnonymous: false, cloud: 'public' } as const;
    return { rawId, kind: 'microsoftTeamsUser', microsoftTeamsUser };
  }
  if (rawId.startsWith('28:orgid:')) {
    return { rawId, kind: 'microsoftTeamsApp', microsoftTeamsApp: { appId: rest('28:orgid:'), cloud: 'public' } };
  }
  if (rawId.startsWith('8:')) return { rawId, kind: 'communicationUser', communicationUser: { id: rawId } };
  return { rawId, kind: 'unknown' };
}

/** The raw id that an identifier in a request names, by its own member or by the member of its kind. */
export function requestedRawId(identifier: unknown): string | undefined {
  if (!isRecord(identifier)) return undefined;
  if (typeof identifier['rawId'] === 'string' && identifier['rawId'] !== '') return identifier['rawId'];
  const phone = member(identifier, 'phoneNumber', 'value');
  if (phone !== undefined) return `4:${phone}`;
  const teamsUser = member(identifier, 'microsoftTeamsUser', 'userId');
  if (teamsUser !== undefined) return `8:orgid:${teamsUser}`;
  const teamsApp = member(identifier, 'microsoftTeamsApp', 'appId');
  return teamsApp === undefined ? member(identifier, 'communicationUser', 'id') : `28:orgid:${teamsApp}`;
}

function member(identifier: Readonly<Record<string, unknown>>, kind: string, name: string): string | undefined {
  const value = identifier[kind];
  const id = isRecord(value) ? value[name] : undefined;
  return typeof id === 'string' ? id : undefined;
}
