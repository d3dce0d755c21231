import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BodyIncompleteError, BodyTooLargeError, readBody } from '../http/body.ts';
import { type ObjectChecksum, verifyChecksums } from './checksum.ts';
import { S3Error } from './error.ts';
import { header, type S3Request } from './request.ts';

export interface VerifiedBody {
  readonly bytes: Uint8Array;
  readonly checksum: ObjectChecksum | undefined;
}

const STREAMING = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/** Chunk framing may add to what is stored; allowed over the object's limit before the body is refused. */
const FRAMING_ALLOWANCE = 1024 * 1024;

/**
 * Reads a body as S3 does: takes it out of `aws-chunked` framing, compares length, payload hash, MD5 and checksums.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * @throws {@link S3Error}
 */
export async function readVerifiedBody(
  message: IncomingMessage,
  request: S3Request,
  limit: number,
): Promise<VerifiedBody> {
  const raw = await readRaw(message, limit);
  const hash = header(request, 'x-amz-content-sha256') ?? UNSIGNED;
  if (hash.startsWith('STREAMING-') && hash !== STREAMING) {
    throw new S3Error('NotImplemented', `The simulator does not verify ${hash} bodies.`);
  }
  if (hash !== STREAMING) {
    const actual = createHash('sha256').update(raw).digest('hex');
    if (hash !== UNSIGNED && hash !== actual) {
      throw new S3Error('XAmzContentSHA256Mismatch', undefined, {
        ClientComputedContentSHA256: hash,
        S3ComputedContentSHA256: actual,
      });
    }
    return { bytes: raw, checksum: bodyIsSummed(request) ? verifyChecksums(request, raw, {}) : undefined };
  }
  const { bytes, trailer } = decodeChunks(raw);
  if (bytes.byteLength > limit) throw new S3Error('EntityTooLarge');
  const length = header(request, 'x-amz-decoded-content-length');
  if (length === undefined) throw new S3Error('MissingContentLength');
  if (Number(length) !== bytes.byteLength) throw new S3Error('IncompleteBody');
  const declared = header(request, 'x-amz-trailer');
  if (declared !== undefined && trailer[declared.toLowerCase()] === undefined) {
    throw new S3Error('InvalidRequest', `The trailer ${declared} that x-amz-trailer announces is missing.`);
  }
  return { bytes, checksum: verifyChecksums(request, bytes, trailer) };
}

/** On these the checksum headers speak of the object, not of the body of the request. */
function bodyIsSummed({ operation }: S3Request): boolean {
  return operation !== 'CreateMultipartUpload' && operation !== 'CompleteMultipartUpload';
}

async function readRaw(message: IncomingMessage, limit: number): Promise<Buffer> {
  const chunked = message.headers['transfer-encoding'] !== undefined;
  if (message.method === 'PUT' && message.headers['content-length'] === undefined && !chunked) {
    throw new S3Error('MissingContentLength');
  }
  if (chunked && message.headers['x-amz-decoded-content-length'] === undefined) {
    throw new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: 'Transfer-Encoding',
    });
  }
  try {
    return await readBody(message, limit + FRAMING_ALLOWANCE);
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw new S3Error('EntityTooLarge');
    if (error instanceof BodyIncompleteError) throw new S3Error('IncompleteBody');
    throw error;
  }
}

/** `<hex size>[;extension]\r\n<bytes>\r\n … 0\r\n[name:value\r\n…]\r\n` */
function decodeChunks(raw: Buffer): { readonly bytes: Buffer; readonly trailer: Readonly<Record<string, string>> } {
  const chunks: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = raw.indexOf('\r\n', at);
    if (end < 0) throw new S3Error('IncompleteBody');
    const text = raw.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const size = line().split(';', 1)[0] ?? '';
    if (!/^[0-9a-fA-F]+$/.test(size)) throw new S3Error('InvalidRequest', 'The aws-chunked framing is not valid.');
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    chunks.push(raw.subarray(at, at + length));
    at += length;
    if (at + 2 > raw.byteLength) throw new S3Error('IncompleteBody');
    if (line() !== '') throw new S3Error('InvalidRequest', 'The aws-chunked framing is not valid.');
  }
  const trailer: Record<string, string> = {};
  for (let text = line(); text !== ''; text = line()) {
    const colon = text.indexOf(':');
    if (colon < 0) throw new S3Error('InvalidRequest', 'The trailer is not valid.');
    trailer[text.slice(0, colon).toLowerCase()] = text.slice(colon + 1).trim();
  }
  return { bytes: Buffer.concat(chunks), trailer };
}
