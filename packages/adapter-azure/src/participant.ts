import { type CommunicationIdentifierKind, createIdentifierFromRawId } from '@azure/communication-common';
import { OnRecordError } from '@onrecord/core';

/**
 * The SDK's identifier of a raw id such as `4:+15550100` or `8:acs:…`.
 * @throws OnRecordError `invalid-request` for what the service would not recognise.
 */
export function identifierOf(rawId: string, path: string): CommunicationIdentifierKind {
  const identifier = createIdentifierFromRawId(rawId);
  if (identifier.kind !== 'unknown') return identifier;
  throw new OnRecordError('invalid-request', `${path} is no raw id of a participant.`, {
    remedy: 'Raw ids look like 4:+15550100 or 8:acs:<resource>_<user>; getIdentifierRawId() of the SDK makes them.',
  });
}
