import { type Incoming, isObject, objectAt } from '../json-reader.ts';

type Cloud = 'public' | 'dod' | 'gcch';

/** `CommunicationIdentifierModel` of the REST API, as events carry it; at most one member beside `kind` and `rawId`. */
export interface AzureWireIdentifier {
  readonly kind?: string | undefined;
  readonly rawId?: string | undefined;
  readonly communicationUser?: { readonly id: string } | undefined;
  readonly phoneNumber?:
    | {
        readonly value: string;
        readonly isAnonymous?: boolean | undefined;
        readonly assertedId?: string | undefined;
      }
    | undefined;
  readonly microsoftTeamsUser?:
    | {
        readonly userId: string;
        readonly isAnonymous?: boolean | undefined;
        readonly cloud?: Cloud | undefined;
      }
    | undefined;
  readonly microsoftTeamsApp?: { readonly appId: string; readonly cloud?: Cloud | undefined } | undefined;
  readonly teamsExtensionUser?:
    | {
        readonly userId: string;
        readonly tenantId: string;
        readonly resourceId: string;
        readonly cloud?: Cloud | undefined;
      }
    | undefined;
}

/** The member of each model to which the SDK gives another name, and that name. */
const renamed: ReadonlyMap<string, readonly [model: string, sdk: string]> = new Map([
  ['communicationUser', ['id', 'communicationUserId']],
  ['phoneNumber', ['value', 'phoneNumber']],
  ['microsoftTeamsUser', ['userId', 'microsoftTeamsUserId']],
  ['microsoftTeamsApp', ['appId', 'teamsAppId']],
  // Its members have the same names in both.
  ['teamsExtensionUser', ['userId', 'userId']],
]);

/** The identifier in the SDK's form, whichever of the two it has. Checks nothing. */
export function flattened(given: Incoming): Incoming {
  const models = [...renamed.keys()].filter((name) => isObject(given[name]));
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !models.includes(name)));
  const members = models.flatMap((model) =>
    Object.entries(objectAt(given, model)).map(([name, value]) => {
      const [own, sdk] = renamed.get(model) ?? [];
      return [name === own ? sdk : name, value] as const;
    }),
  );
  return { ...rest, ...Object.fromEntries(members) };
}
