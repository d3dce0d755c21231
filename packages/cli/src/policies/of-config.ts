import {
  callerPolicy,
  concatenationSourceBucketPolicy,
  insightsRolePolicy,
  insightsTrustPolicy,
  mergePolicies,
  type Policy,
  serviceLinkedRoles,
  smaRecordingBucketPolicy,
} from '@onrecord/adapter-chime/policies';
import type { Config, ProviderConfig } from '@onrecord/core/inversify';
import { storagePolicy } from './storage-policy.ts';

/** All policies that a configuration needs in one AWS account. */
export interface ConfigPolicies {
  /** By bucket. */
  readonly buckets: Readonly<Record<string, Policy>>;
  /** By role: `caller` is what the application's processes run as. */
  readonly roles: Readonly<Record<string, Policy>>;
  /** Commands that create what AWS keeps itself. */
  readonly commands: readonly string[];
}

/** What one provider adds. */
interface Needs {
  readonly buckets: readonly (readonly [string, Policy])[];
  readonly roles: readonly (readonly [string, Policy])[];
  readonly commands: readonly string[];
}

const nothing: Needs = { buckets: [], roles: [], commands: [] };

/** @throws OnRecordError `invalid-request` for an account that is none. */
export function policiesOf({ providers, archive, store }: Config, accountId: string): ConfigPolicies {
  const move = archive?.mode === 'move';
  const needs = Object.values(providers).map((provider) => needsOf(provider, accountId, move));
  const kept = [storagePolicy('OnRecordArchive', archive), storagePolicy('OnRecordSessions', store?.['storage'])];
  return {
    buckets: merged(needs.flatMap(({ buckets }) => buckets)),
    roles: merged([
      ...needs.flatMap(({ roles }) => roles),
      ...kept.flatMap((policy) => (policy ? [['caller', policy] as const] : [])),
    ]),
    commands: [...new Set(needs.flatMap(({ commands }) => commands))],
  };
}

function needsOf(provider: ProviderConfig, accountId: string, move: boolean): Needs {
  const { type, landing } = provider;
  const text = (name: string) => (typeof provider[name] === 'string' ? provider[name] : undefined);
  const [region, prefix] = [text('region'), text('prefix')];
  const landed = landing?.type === 's3' && typeof landing['bucket'] === 'string' ? landing['bucket'] : undefined;
  const bucket = text('bucket') ?? landed;
  const buckets = bucket === undefined ? [] : [bucket];
  const under = prefix === undefined || prefix === '' ? {} : { prefix };
  const common = { accountId, ...(region === undefined ? {} : { regions: [region] }), buckets, move, ...under };
  switch (type) {
    case 'chime-sma': {
      const id = text('sipMediaApplicationId');
      const applications = id === undefined || region === undefined ? {} : { applications: [{ region, id }] };
      return {
        buckets: buckets.map((name) => [
          name,
          smaRecordingBucketPolicy({ bucket: name, accountId, ...under, ...applications }),
        ]),
        roles: [
          ['caller', callerPolicy({ ...common, uses: bucket === undefined ? ['control'] : ['control', 'landing'] })],
        ],
        commands: [serviceLinkedRoles.voiceConnector.command],
      };
    }
    case 'chime-meeting':
      return {
        buckets: buckets.map((name) => [name, concatenationSourceBucketPolicy({ bucket: name, accountId, ...under })]),
        roles: [['caller', callerPolicy({ ...common, uses: ['meeting', 'landing'] })]],
        commands: [serviceLinkedRoles.mediaPipelines.command],
      };
    case 'chime-insights': {
      const elements = buckets.map((name) => ({ type: 'S3RecordingSink' as const, bucket: name, ...under }));
      return {
        buckets: [],
        roles: [
          ['caller', callerPolicy({ ...common, uses: ['insights', 'landing'] })],
          ...(region === undefined || elements.length === 0
            ? []
            : [['insights', insightsRolePolicy({ accountId, region, elements })] as const]),
          ['insights trust', insightsTrustPolicy({ accountId })],
        ],
        commands: [serviceLinkedRoles.voiceConnector.command, serviceLinkedRoles.mediaPipelines.command],
      };
    }
    default:
      return nothing;
  }
}

function merged(policies: readonly (readonly [string, Policy])[]): Readonly<Record<string, Policy>> {
  const byName = Map.groupBy(policies, ([name]) => name);
  return Object.fromEntries([...byName].map(([name, of]) => [name, mergePolicies(...of.map(([, policy]) => policy))]));
}
