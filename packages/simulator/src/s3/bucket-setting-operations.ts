import type { Answer } from '../http/endpoint.ts';
import type { VerifiedBody } from './body.ts';
import type { BucketEncryption, ObjectOwnership, PublicAccessBlock } from './bucket-settings.ts';
import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';
import type { S3Store } from './store.ts';
import { element, group, xmlResult } from './xml.ts';
import { children, childText, parseXml, type XmlNode } from './xml-body.ts';

const XML = { 'content-type': 'application/xml' };
/** Largest policy of a bucket. */
const maxPolicyBytes = 20 * 1024;

export function getBucketPolicy(store: S3Store, { bucket }: S3Request): Answer {
  const { policy } = store.settings(bucket);
  if (policy === undefined) throw new S3Error('NoSuchBucketPolicy', undefined, { BucketName: bucket });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: policy };
}

/** Its form is checked, and that it admits not everybody where that is blocked; nobody is judged by it here. */
export function putBucketPolicy(store: S3Store, { bucket }: S3Request, body: VerifiedBody): Answer {
  store.settings(bucket);
  if (body.bytes.byteLength > maxPolicyBytes) {
    throw new S3Error('MalformedPolicy', `Policy exceeds the maximum allowed document size of ${maxPolicyBytes} bytes`);
  }
  const text = Buffer.from(body.bytes).toString('utf8');
  let policy: { readonly Version?: unknown; readonly Statement?: unknown } | null;
  try {
    policy = JSON.parse(text);
  } catch {
    policy = null;
  }
  if (!text.startsWith('{') || policy === null) {
    throw new S3Error('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'");
  }
  if (!['2008-10-17', '2012-10-17'].includes(String(policy.Version ?? '2008-10-17'))) {
    throw new S3Error('MalformedPolicy', 'The policy must contain a valid version string');
  }
  const statements: readonly unknown[] = [policy.Statement ?? []].flat();
  if (statements.length === 0) throw new S3Error('MalformedPolicy', 'Missing required field Statement');
  for (const statement of statements) {
    const missing = ['Principal', 'Action', 'Resource', 'Effect'].find(
      (name) => !has(statement, name) && !has(statement, `Not${name}`),
    );
    if (missing !== undefined) throw new S3Error('MalformedPolicy', `Missing required field ${missing}`);
  }
  if (store.settings(bucket).publicAccessBlock?.BlockPublicPolicy && statements.some(isPublic)) {
    throw new S3Error(
      'AccessDenied',
      `This bucket policy is public, and public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    );
  }
  store.configure(bucket, { policy: text });
  return { status: 204 };
}

/** Whether a statement lets everybody in: S3 takes conditions into account, and so does this, whatever they are. */
function isPublic(statement: unknown): boolean {
  const { Effect, Principal, Condition } = statement as { readonly [member: string]: unknown };
  const accounts = typeof Principal === 'object' && Principal !== null ? Reflect.get(Principal, 'AWS') : Principal;
  return Effect === 'Allow' && Condition === undefined && [accounts].flat().includes('*');
}

function has(value: unknown, member: string): boolean {
  return typeof value === 'object' && value !== null && member in value;
}

export function deleteBucketPolicy(store: S3Store, { bucket }: S3Request): Answer {
  store.configure(bucket, { policy: undefined });
  return { status: 204 };
}

/** us-east-1, the first region, has no name here. */
export function getBucketLocation(store: S3Store, { bucket }: S3Request, region: string): Answer {
  const own = store.settings(bucket).region ?? region;
  return { status: 200, headers: XML, body: xmlResult('LocationConstraint', own === 'us-east-1' ? [] : [own]) };
}

export function getBucketEncryption(store: S3Store, { bucket }: S3Request): Answer {
  const { encryption } = store.settings(bucket);
  if (!encryption) {
    throw new S3Error('ServerSideEncryptionConfigurationNotFoundError', undefined, { BucketName: bucket });
  }
  const body = xmlResult('ServerSideEncryptionConfiguration', [
    group('Rule', [
      group('ApplyServerSideEncryptionByDefault', [
        element('SSEAlgorithm', encryption.algorithm),
        element('KMSMasterKeyID', encryption.keyId),
      ]),
      element('BucketKeyEnabled', encryption.bucketKey ?? false),
    ]),
  ]);
  return { status: 200, headers: XML, body };
}

export function putBucketEncryption(store: S3Store, { bucket }: S3Request, body: VerifiedBody): Answer {
  const [rule = ''] = children(parseXml(body.bytes, 'ServerSideEncryptionConfiguration'), 'Rule');
  const [byDefault = ''] = children(rule, 'ApplyServerSideEncryptionByDefault');
  const algorithm = oneOf(byDefault, 'SSEAlgorithm', ['AES256', 'aws:kms', 'aws:kms:dsse'] as const);
  const keyId = childText(byDefault, 'KMSMasterKeyID');
  if (keyId !== undefined && algorithm === 'AES256') {
    throw new S3Error(
      'InvalidArgument',
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms',
    );
  }
  const encryption: BucketEncryption = {
    algorithm,
    ...(keyId === undefined ? {} : { keyId }),
    bucketKey: childText(rule, 'BucketKeyEnabled') === 'true',
  };
  store.configure(bucket, { encryption });
  return { status: 200 };
}

export function getBucketOwnershipControls(store: S3Store, { bucket }: S3Request): Answer {
  const { ownership } = store.settings(bucket);
  if (!ownership) throw new S3Error('OwnershipControlsNotFoundError', undefined, { BucketName: bucket });
  const body = xmlResult('OwnershipControls', [group('Rule', [element('ObjectOwnership', ownership)])]);
  return { status: 200, headers: XML, body };
}

export function putBucketOwnershipControls(store: S3Store, { bucket }: S3Request, body: VerifiedBody): Answer {
  const [rule = ''] = children(parseXml(body.bytes, 'OwnershipControls'), 'Rule');
  const known: readonly ObjectOwnership[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];
  store.configure(bucket, { ownership: oneOf(rule, 'ObjectOwnership', known) });
  return { status: 200 };
}

const blocks = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

export function getPublicAccessBlock(store: S3Store, { bucket }: S3Request): Answer {
  const { publicAccessBlock } = store.settings(bucket);
  if (!publicAccessBlock) {
    throw new S3Error('NoSuchPublicAccessBlockConfiguration', undefined, { BucketName: bucket });
  }
  const elements = blocks.map((name) => element(name, publicAccessBlock[name]));
  return { status: 200, headers: XML, body: xmlResult('PublicAccessBlockConfiguration', elements) };
}

export function putPublicAccessBlock(store: S3Store, { bucket }: S3Request, body: VerifiedBody): Answer {
  const root = parseXml(body.bytes, 'PublicAccessBlockConfiguration');
  const set = Object.fromEntries(blocks.map((name) => [name, childText(root, name) === 'true']));
  store.configure(bucket, { publicAccessBlock: set as object as PublicAccessBlock });
  return { status: 200 };
}

function oneOf<T extends string>(node: XmlNode, name: string, known: readonly T[]): T {
  const text = childText(node, name);
  const found = known.find((value) => value === text);
  if (found === undefined) throw new S3Error('MalformedXML');
  return found;
}
