import { flag, type ObjectShape, oneOf, text } from './shape.ts';

const cloud = oneOf('public', 'dod', 'gcch');

/**
 * Who somebody is, on the wire. Source: common.json 2025-06-30, `CommunicationIdentifierModel`; open, and without
 * required fields: SDK 1.6.0 leaves out `kind` when it plays to one participant.
 */
export const identifierShape: ObjectShape = {
  kind: 'object',
  closed: false,
  properties: {
    kind: oneOf(
      'unknown',
      'communicationUser',
      'phoneNumber',
      'microsoftTeamsUser',
      'microsoftTeamsApp',
      'teamsExtensionUser',
    ),
    rawId: text,
    communicationUser: { kind: 'object', closed: false, required: ['id'], properties: { id: text } },
    phoneNumber: {
      kind: 'object',
      closed: false,
      required: ['value'],
      properties: { value: text, isAnonymous: flag, assertedId: text },
    },
    microsoftTeamsUser: {
      kind: 'object',
      closed: false,
      required: ['userId'],
      properties: { userId: text, isAnonymous: flag, cloud },
    },
    microsoftTeamsApp: { kind: 'object', closed: false, required: ['appId'], properties: { appId: text, cloud } },
    teamsExtensionUser: {
      kind: 'object',
      closed: false,
      required: ['userId', 'tenantId', 'resourceId'],
      properties: { userId: text, tenantId: text, resourceId: text, cloud },
    },
  },
};
