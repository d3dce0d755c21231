import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './error.ts';
import { header, type S3Request } from './request.ts';

/** The algorithms that the simulator computes; the others of S3 are answered with `NotImplemented`. */
export type ChecksumAlgorithm = 'CRC32' | 'SHA1' | 'SHA256';

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; `COMPOSITE` ones end in `-<number of parts>`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'SHA1', 'SHA256'];
const SERVED: ReadonlySet<string> = new Set(
  ['crc32', 'sha1', 'sha256', 'mode', 'type', 'algorithm'].map((name) => `x-amz-checksum-${name}`),
);

export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  if (algorithm !== 'CRC32') return createHash(algorithm.toLowerCase()).update(bytes).digest('base64');
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/**
 * Reads an algorithm name of a header; undefined stays undefined.
 * @throws {@link S3Error} `NotImplemented` for the ones that are not computed
 */
export function parseAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const found = ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
  if (!found) throw new S3Error('NotImplemented', `The simulator does not compute ${name} checksums.`);
  return found;
}

/**
 * Compares the body with every checksum that the request carries, in headers or in its trailer.
 * @returns the checksum to keep with the bytes, if one came.
 * @throws {@link S3Error} `BadDigest`, `InvalidDigest`, `InvalidRequest`, `NotImplemented`
 */
export function verifyChecksums(
  request: S3Request,
  bytes: Uint8Array,
  trailer: Readonly<Record<string, string>>,
): ObjectChecksum | undefined {
  const sent = (name: string) => trailer[name] ?? header(request, name);
  const names = [...Object.keys(request.headers), ...Object.keys(trailer)];
  const unserved = names.find((name) => name.startsWith('x-amz-checksum-') && !SERVED.has(name));
  if (unserved) throw new S3Error('NotImplemented', `The simulator does not compute ${unserved}.`);

  const md5 = header(request, 'content-md5');
  if (md5 !== undefined) {
    if (!/^[A-Za-z0-9+/]{22}==$/.test(md5)) throw new S3Error('InvalidDigest');
    if (createHash('md5').update(bytes).digest('base64') !== md5) throw new S3Error('BadDigest');
  }

  const carried = ALGORITHMS.filter((algorithm) => sent(checksumHeader(algorithm)) !== undefined);
  if (carried.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [algorithm] = carried;
  if (!algorithm) return undefined;
  const value = sent(checksumHeader(algorithm)) ?? '';
  if (Buffer.from(value, 'base64').byteLength !== Buffer.from(checksumOf(algorithm, bytes), 'base64').byteLength) {
    throw new S3Error('InvalidRequest', `Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
  if (value !== checksumOf(algorithm, bytes)) {
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}
