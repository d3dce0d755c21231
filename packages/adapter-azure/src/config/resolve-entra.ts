import { Secret, unknownMembers } from '@onrecord/core';
import type { EntraIdentity } from '../entra/entra-options.ts';
import { type Incoming, isObject } from '../json-reader.ts';
import type { Problem } from './problem.ts';

type Kind = 'guid' | 'tenant' | 'text' | 'secret' | 'flag' | 'authority' | 'scope';
/** A member by its kind; `!` = it must be there. */
type Shape = Readonly<Record<string, Kind | `${Kind}!`>>;

const authority = { authorityHost: 'authority', disableInstanceDiscovery: 'flag' } as const;

const shapes: Readonly<Record<EntraIdentity['type'], Shape>> = {
  default: {
    tenantId: 'tenant',
    managedIdentityClientId: 'guid',
    workloadIdentityClientId: 'guid',
    ...authority,
    scope: 'scope',
  },
  'client-secret': { tenantId: 'tenant!', clientId: 'guid!', clientSecret: 'secret!', ...authority, scope: 'scope' },
  'client-certificate': {
    tenantId: 'tenant!',
    clientId: 'guid!',
    certificate: 'secret',
    certificatePath: 'text',
    certificatePassword: 'secret',
    sendCertificateChain: 'flag',
    ...authority,
    scope: 'scope',
  },
  'managed-identity': { clientId: 'guid', resourceId: 'text', objectId: 'guid', scope: 'scope' },
  'workload-identity': { tenantId: 'tenant', clientId: 'guid', tokenFilePath: 'text', ...authority, scope: 'scope' },
};

const types = Object.keys(shapes).join(', ');

/** `credential.entra`, checked, with its secrets wrapped; undefined when something is wrong, which is added. */
export function resolveEntra(given: unknown, path: string, problems: Problem[]): EntraIdentity | undefined {
  const entra: unknown = typeof given === 'string' ? { type: given } : given;
  const type = isObject(entra) ? entra['type'] : undefined;
  if (!isObject(entra) || typeof type !== 'string' || !isType(type)) {
    const where = isObject(given) ? `${path}.type` : path;
    problems.push({
      path: where,
      message: `Must be one of ${types}${isObject(given) ? '.' : ', or an object with one.'}`,
    });
    return undefined;
  }
  const shape = shapes[type];
  const found: Problem[] = [...unknownMembers(entra, ['type', ...Object.keys(shape)], path)];
  for (const [name, kind] of Object.entries(shape)) {
    const message = problemOf(entra[name], kind);
    if (message !== undefined) found.push({ path: `${path}.${name}`, message });
  }
  found.push(...together(type, entra, path));
  problems.push(...found);
  if (found.length > 0) return undefined;
  const members = Object.keys(shape).flatMap((name) => {
    const value = entra[name];
    const hidden = shape[name]?.startsWith('secret') && typeof value === 'string';
    return value === undefined ? [] : [[name, hidden ? new Secret(value) : value]];
  });
  return { type, ...Object.fromEntries(members) } as EntraIdentity;
}

function isType(type: string): type is EntraIdentity['type'] {
  return Object.hasOwn(shapes, type);
}

/** Rules about several members. */
function together(type: EntraIdentity['type'], entra: Incoming, path: string): readonly Problem[] {
  const given = (...names: readonly string[]) => names.filter((name) => entra[name] !== undefined).length;
  if (type === 'client-certificate' && given('certificate', 'certificatePath') !== 1) {
    return [{ path: `${path}.certificate`, message: 'Give the PEM text here, or its file in certificatePath.' }];
  }
  if (type === 'managed-identity' && given('clientId', 'resourceId', 'objectId') > 1) {
    return [{ path, message: 'Name the identity by one of clientId, resourceId and objectId.' }];
  }
  return [];
}

const rules: Readonly<Record<Kind, { readonly holds: (value: unknown) => boolean; readonly must: string }>> = {
  guid: {
    holds: (value) => isText(value) && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
    must: 'Must be a GUID.',
  },
  tenant: {
    holds: (value) => isText(value) && /^[\w-]+(\.[\w-]+)*$/.test(value),
    must: 'Must be the GUID of a directory, or one of its domains.',
  },
  text: { holds: isText, must: 'Must be text.' },
  secret: { holds: (value) => isText(value instanceof Secret ? value.reveal() : value), must: 'Must be text.' },
  flag: { holds: (value) => typeof value === 'boolean', must: 'Must be true or false.' },
  authority: { holds: isAuthority, must: 'Must be https:// and a host alone, e.g. https://login.microsoftonline.us' },
  scope: {
    holds: (value) => isText(value) && URL.canParse(value) && value.endsWith('/.default'),
    must: 'Must be the URI of a service, ending in /.default',
  },
};

function problemOf(value: unknown, kind: Kind | `${Kind}!`): string | undefined {
  const needed = kind.endsWith('!');
  const { holds, must } = rules[kind.replace('!', '') as Kind];
  if (value === undefined) return needed ? 'Missing.' : undefined;
  return holds(value) ? undefined : must;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** Secrets are sent there: over https in every case. */
function isAuthority(value: unknown): boolean {
  if (!isText(value) || !URL.canParse(value)) return false;
  const { protocol, origin, href } = new URL(value);
  return protocol === 'https:' && href === `${origin}/`;
}
