import type { Answer } from '../http/endpoint.ts';
import type { VerifiedBody } from './body.ts';
import { S3Error } from './error.ts';
import { checkTags } from './properties.ts';
import type { S3Request } from './request.ts';
import type { S3Store } from './store.ts';
import { element, group, xmlResult } from './xml.ts';
import { children, childText, parseXml } from './xml-body.ts';

export function putObjectTagging(store: S3Store, request: S3Request, body: VerifiedBody): Answer {
  const object = store.get(request.bucket, request.key);
  const set = children(parseXml(body.bytes, 'Tagging'), 'TagSet')[0];
  if (set === undefined) throw new S3Error('MalformedXML');
  const pairs = children(set, 'Tag').map(
    (tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? ''] as const,
  );
  store.setTags(object, checkTags(pairs));
  return { status: 200 };
}

export function getObjectTagging(store: S3Store, request: S3Request): Answer {
  const { tags } = store.get(request.bucket, request.key);
  const list = Object.entries(tags).map(([key, value]) => group('Tag', [element('Key', key), element('Value', value)]));
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlResult('Tagging', [group('TagSet', list)]),
  };
}

export function deleteObjectTagging(store: S3Store, request: S3Request): Answer {
  store.setTags(store.get(request.bucket, request.key), {});
  return { status: 204 };
}
