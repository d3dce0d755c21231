import type { ObjectInfo } from '@onrecord/core';
import { withoutToken } from '../body/put-token.ts';
import { decodeMetadata } from './metadata.ts';

export interface Place {
  readonly key: string;
  readonly uri: string;
}

/** What the answers about a blob have in common. */
export interface BlobFacts {
  readonly etag?: string | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: { readonly [name: string]: string } | undefined;
  readonly lastModified?: Date | undefined;
  /** Of the whole blob; the service keeps one for blobs stored in a single request. */
  readonly contentMD5?: Uint8Array | undefined;
}

export function objectInfo(place: Place, bytes: number, facts: BlobFacts): ObjectInfo {
  const { contentMD5 } = facts;
  return {
    ...place,
    bytes,
    etag: quoted(facts.etag ?? ''),
    contentType: facts.contentType,
    metadata: withoutToken(decodeMetadata(facts.metadata)),
    modifiedAt: facts.lastModified?.toISOString(),
    checksum: contentMD5 && { algorithm: 'md5', hex: Buffer.from(contentMD5).toString('hex') },
  };
}

/** A listing gives etags without the quotes that headers have. */
function quoted(etag: string): string {
  return etag === '' || etag.includes('"') ? etag : `"${etag}"`;
}
