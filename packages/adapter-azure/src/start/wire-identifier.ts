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

/** Members of the models, by the names that the SDK gives them. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  communicationUser: { id: 'communicationUserId' },
  phoneNumber: { value: 'phoneNumber' },
  microsoftTeamsUser: { userId: 'microsoftTeamsUserId' },
  microsoftTeamsApp: { appId: 'teamsAppId' },
  teamsExtensionUser: {},
};

/** The identifier in the SDK's form, whichever of the two it has. Checks nothing. */
export function flattened(given: Incoming): Incoming {
  const models = Object.keys(renamed).filter((name) => isObject(given[name]));
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !models.includes(name)));
  return Object.assign(
    rest,
    ...models.map((model) => {
      const names = renamed[model] ?? {};
      return Object.fromEntries(
        Object.entries(objectAt(given, model)).map(([name, value]) => [names[name] ?? name, value]),
      );
    }),
  );
}
