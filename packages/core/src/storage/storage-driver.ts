import type { Classification } from '../errors/codes.ts';

export interface StorageCapabilities {
  readonly spec: 'onrecord.storage/v1';
  /** Whether `ifAbsent` / `ifMatch` are atomic against other writers. */
  readonly ifAbsent: 'atomic' | false;
  readonly ifMatch: 'atomic' | false;
  readonly presignRead: boolean;
  /** URI schemes it copies from without the bytes passing through this process. */
  readonly serverSideCopyFrom: readonly string[];
  readonly maxObjectBytes: number;
}

/** What is known of a stored object. */
export interface ObjectInfo {
  readonly key: string;
  readonly uri: string;
  readonly bytes: number;
  /** Opaque version of the content, for `ifMatch`. */
  readonly etag: string;
  readonly contentType?: string | undefined;
  readonly metadata: { readonly [name: string]: string };
  readonly modifiedAt?: string | undefined;
  /** The store's own checksum, lower-case hex, where it keeps one. */
  readonly checksum?: { readonly algorithm: 'sha256' | 'crc32' | 'md5'; readonly hex: string } | undefined;
}

export interface DoPutOptions {
  /** Exact length, when known. */
  readonly bytes?: number | undefined;
  readonly contentType?: string | undefined;
  /** Names in lower case, values ASCII. */
  readonly metadata?: { readonly [name: string]: string } | undefined;
  /** Only if no object is there; else the driver throws what it classifies as `already-exists`. */
  readonly ifAbsent?: boolean | undefined;
  /** Only if the object there has this etag; else `conflict`. */
  readonly ifMatch?: string | undefined;
  readonly signal: AbortSignal;
}

export interface DoGetOptions {
  /** First byte and, inclusive, last byte. */
  readonly range?: { readonly first: number; readonly last?: number | undefined } | undefined;
  readonly signal: AbortSignal;
}

export interface OpenedObject {
  readonly info: ObjectInfo;
  /** The bytes asked for; throws when the source breaks off, never ends early. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The thin class that speaks to one store. Applications hold the portable `Storage`, which owns key safety, digests,
 * limits and errors; a driver throws whatever its SDK throws and classifies it.
 */
export interface StorageDriver<N = unknown> {
  readonly type: string;
  /** Without colon: `s3`, `azblob`, `file`, `mem`. */
  readonly scheme: string;
  readonly capabilities: StorageCapabilities;
  uriOf(key: string): string;
  /** The key a URI of this store names; `undefined` when it lies elsewhere (another bucket, outside the root). */
  keyOf(uri: string): string | undefined;
  /**
   * All or nothing: after an abort, a crash or a failing source or completion there is neither an object nor an open
   * upload. Returns after the bytes are durable.
   */
  doPut(key: string, body: AsyncIterable<Uint8Array>, options: DoPutOptions): Promise<ObjectInfo>;
  /** Throws what it classifies as `not-found` when there is no object. */
  doGet(key: string, options: DoGetOptions): Promise<OpenedObject>;
  doHead(key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo | undefined>;
  /** No object there is success. */
  doDelete(key: string, options: { readonly signal: AbortSignal }): Promise<void>;
  /** One page in key order. */
  doList(
    prefix: string,
    options: { readonly cursor?: string | undefined; readonly limit: number; readonly signal: AbortSignal },
  ): Promise<{ readonly objects: readonly ObjectInfo[]; readonly cursor?: string | undefined }>;
  /** A URL that reads the object without credentials, for `expiresInMs`. */
  doPresignRead?(key: string, options: { readonly expiresInMs: number; readonly signal: AbortSignal }): Promise<string>;
  /** Copies within the service. Throws `unsupported` for a URI outside `serverSideCopyFrom`. */
  doCopyFrom?(sourceUri: string, key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo>;
  classifyError(error: unknown): Classification;
  /** The SDK client beneath, typed: the escape hatch. */
  native(): N;
  close(): Promise<void>;
}
