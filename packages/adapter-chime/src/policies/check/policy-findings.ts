import type { Statement } from '../policy.ts';
import type { SmaBucketOptions } from '../sma-buckets.ts';
import { type Decision, evaluate } from './evaluate.ts';
import type { BucketFinding } from './finding.ts';
import { type BucketPurpose, isSma, neededPolicy, serviceOf } from './purpose.ts';

/** Where the service works from, and for whom. */
export interface Caller extends SmaBucketOptions {
  readonly region: string;
}

/** Another account, of which nobody says that it may. */
const stranger = '000000000000';
/** Stands for ids that only a request shows. */
const anyId = '00000000-0000-4000-8000-000000000000';
const anyKey = '2026/01/01/2026-01-01-00-00-00-000.wav';

/**
 * Keys that a service does not send, because it acts for an account and comes from no network of it. A policy that denies
 * whoever lacks them shuts it out.
 */
const absent = [
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
  's3:x-amz-server-side-encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
];

/** What the policy of a bucket lacks for its purpose, and what it admits beyond. */
export function policyFindings(
  text: string | undefined,
  purpose: BucketPurpose,
  caller: Caller,
): readonly BucketFinding[] {
  const { bucket } = caller;
  const [needed] = neededPolicy(purpose, withoutRegion(caller)).Statement;
  if (!needed) return [];
  const service = serviceOf(purpose);
  const policy = parse(text);
  if (policy === undefined) {
    return [
      {
        code: 'policy-missing',
        severity: 'error',
        what: `The bucket ${bucket} has no policy.`,
        why: `${service} may not do ${actionsOf(needed).join(', ')}: ${failure(purpose)}`,
        fix: 'Put a policy with this statement on the bucket.',
        statement: needed,
      },
    ];
  }
  const decisions = actionsOf(needed).flatMap((action) =>
    sourcesOf(purpose, caller).map((source) => ({ action, decision: decide(policy, action, source, caller, service) })),
  );
  const findings = [
    ...denials(decisions, needed, purpose, caller),
    ...gaps(decisions, needed, purpose, caller),
    ...doubts(decisions, needed, purpose, caller),
  ];
  const foreign = { ...caller, accountId: stranger };
  const isOpen = actionsOf(needed).some((action) =>
    sourcesOf(purpose, foreign).some((source) => decide(policy, action, source, foreign, service).kind === 'allowed'),
  );
  return isOpen ? [...findings, openTo(needed, bucket)] : findings;
}

interface Decided {
  readonly action: string;
  readonly decision: Decision;
}

function denials(
  decided: readonly Decided[],
  needed: Statement,
  purpose: BucketPurpose,
  { bucket }: Caller,
): readonly BucketFinding[] {
  const denied = decided.flatMap(({ action, decision }) => (decision.kind === 'denied' ? [{ action, decision }] : []));
  const names = unique(denied.map(({ decision }) => decision.statement));
  return names.map((name) => ({
    code: 'policy-denies',
    severity: 'error',
    what: `Statement ${name} of the policy of ${bucket} denies ${principalOf(needed)} ${unique(
      denied.filter(({ decision }) => decision.statement === name).map(({ action }) => action),
    ).join(', ')}.`,
    why: `A denial beats every statement that allows: ${failure(purpose)}`,
    fix: 'Except the service in that statement, for example by `"Bool": { "aws:PrincipalIsAWSService": "false" }`.',
  }));
}

function gaps(
  decided: readonly Decided[],
  needed: Statement,
  purpose: BucketPurpose,
  { bucket }: Caller,
): readonly BucketFinding[] {
  const missing = unique(decided.flatMap(({ action, decision }) => (decision.kind === 'not-allowed' ? [action] : [])));
  if (missing.length === 0) return [];
  return [
    {
      code: 'policy-incomplete',
      severity: 'error',
      what: `The policy of ${bucket} does not let ${principalOf(needed)} do ${missing.join(', ')}.`,
      why: failure(purpose),
      fix: 'Add this statement to the policy of the bucket.',
      statement: { ...needed, Action: actionsOf(needed).filter((action) => missing.includes(action)) },
    },
  ];
}

function doubts(
  decided: readonly Decided[],
  needed: Statement,
  purpose: BucketPurpose,
  { bucket, applications }: Caller,
): readonly BucketFinding[] {
  const unclear = decided.flatMap(({ decision }) => (decision.kind === 'unclear' ? [decision.statement] : []));
  return unique(unclear).map((name) => ({
    code: 'policy-unclear',
    severity: 'warning',
    what: `Whether statement ${name} of the policy of ${bucket} lets ${principalOf(needed)} in cannot be told from here.`,
    why: `It hangs on what only a request shows. If it does not: ${failure(purpose)}`,
    fix:
      isSma(purpose) && applications === undefined
        ? 'Name your applications for this check, or try a recording.'
        : 'Try a recording, or bind the statement to aws:SourceAccount and aws:SourceArn alone.',
  }));
}

function openTo(needed: Statement, bucket: string): BucketFinding {
  return {
    code: 'policy-open',
    severity: 'warning',
    what: `The policy of ${bucket} lets ${principalOf(needed)} in on behalf of any account.`,
    why: 'Somebody else could have the service read or write there: the problem of the confused deputy.',
    fix: 'Bind the statement to your account, as this one is.',
    statement: needed,
  };
}

function decide(
  policy: unknown,
  action: string,
  source: string | undefined,
  caller: Caller,
  service: string,
): Decision {
  const { bucket, prefix, partition = 'aws', accountId } = caller;
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const key = prefix === undefined ? anyKey : `${prefix}/${anyKey}`;
  const context = new Map<string, string | 'absent'>([
    ...absent.map((name) => [name.toLowerCase(), 'absent'] as const),
    ['aws:sourceaccount', accountId],
    ['aws:principalisawsservice', 'true'],
    ['aws:principalservicename', service],
    ['aws:securetransport', 'true'],
    ['aws:viaawsservice', 'false'],
    ...(source === undefined ? [] : [['aws:sourcearn', source] as const]),
  ]);
  const resource = action === 's3:ListBucket' ? bucketArn : `${bucketArn}/${key}`;
  return evaluate(policy, { service, action, resource, context });
}

/** The ARNs that the service may name as its source; `undefined` for one that is not known. */
function sourcesOf(purpose: BucketPurpose, caller: Caller): readonly (string | undefined)[] {
  const { applications, region, accountId, partition = 'aws' } = caller;
  const own = `arn:${partition}:chime`;
  if (!isSma(purpose)) return [`${own}:${region}:${accountId}:media-pipeline/${anyId}`];
  return applications?.map(({ region: home, id }) => `${own}:${home}:${accountId}:sma/${id}`) ?? [undefined];
}

function failure(purpose: BucketPurpose): string {
  switch (purpose) {
    case 'sma-recording':
      return 'StartCallRecording and RecordAudio fail with NoAccessToDestination, and no file comes.';
    case 'prompts':
      return 'PlayAudio fails with InvalidAudioSource, and nobody hears the announcement.';
    case 'capture':
      return 'CreateMediaCapturePipeline is refused: S3 Bucket policy not valid/present for Sink.';
    case 'concatenation':
    case 'concatenation-destination':
      return 'Chunks are captured, and no concatenated file comes.';
  }
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function actionsOf({ Action }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}

function principalOf({ Principal }: Statement): string {
  return Principal?.Service ?? '';
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

function withoutRegion({ region: _, ...options }: Caller): SmaBucketOptions {
  return options;
}
