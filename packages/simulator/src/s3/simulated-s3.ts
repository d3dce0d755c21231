import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, systemClock } from '@onrecord/core';
import { drainBody } from '../http/body.ts';
import { type Answer, type Endpoint, listen } from '../http/endpoint.ts';
import { FaultScript } from '../http/faults.ts';
import type { SigningCredentials } from '../http/sigv4.ts';
import { authenticate } from './authentication.ts';
import { readVerifiedBody } from './body.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { checksumOf } from './checksum.ts';
import { dispatch } from './dispatch.ts';
import { errorAnswer, S3Error, type S3ErrorCode } from './error.ts';
import { readRequest, type S3Operation, type S3Request } from './request.ts';
import { type ObjectCreated, S3Store } from './store.ts';
import { type StoredObject, simpleEtag } from './stored-object.ts';

export interface SimulatedS3Options {
  /** Stamps objects, uploads and events, and times delay faults. @default systemClock */
  readonly clock?: Clock | undefined;
  /**
   * Judges the dates of signatures and the expiry of presigned URLs. SDKs sign with the time of the machine, so this
   * stays real when `clock` is virtual. @default systemClock
   */
  readonly signatureClock?: Clock | undefined;
  /** @default 0, a free port */
  readonly port?: number | undefined;
  /** @default 'us-east-1' */
  readonly region?: string | undefined;
  /** Keys that may do everything; others are refused. @default one made-up pair */
  readonly credentials?: readonly [SigningCredentials, ...SigningCredentials[]] | undefined;
  /** Compared with `x-amz-expected-bucket-owner`. @default '111122223333' */
  readonly accountId?: string | undefined;
  /** Created at the start. @default none */
  readonly buckets?: readonly string[] | undefined;
  /** Of any object or part. @default 256 MiB, for objects live in memory; S3 has 5 GiB a request */
  readonly maxObjectBytes?: number | undefined;
  /** Of every part but the last. @default 5 MiB, as S3 */
  readonly minPartBytes?: number | undefined;
  /**
   * The answer to a CompleteMultipartUpload that was answered before. The documentation says both; tests against the
   * real service saw it succeed (https://github.com/adobe/S3Mock/issues/2586, https://github.com/minio/minio/issues/13318).
   * @default 'succeeds'
   */
  readonly repeatedComplete?: 'succeeds' | 'no-such-upload' | undefined;
}

/** One request that arrived, in the order of its answer. */
export interface S3Exchange {
  /** Epoch ms by the simulator's clock. */
  readonly at: number;
  readonly method: string;
  readonly operation: S3Operation;
  readonly bucket: string;
  readonly key: string;
  /** Undefined when nothing was done: the connection was dropped before the work. */
  readonly status: number | undefined;
  readonly errorCode: S3ErrorCode | undefined;
  /** False when a fault kept the answer, or a part of it, from the client. */
  readonly delivered: boolean;
}

export interface PutOptions {
  /** @default 'binary/octet-stream' */
  readonly contentType?: string | undefined;
  /** Names without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/**
 * Amazon S3 on 127.0.0.1, in memory: the part of it that an unmodified AWS SDK needs to store, read, list, copy and
 * delete objects, with signatures and checksums verified. Path-style addresses, one region, no versions.
 *
 * @example
 * ```ts
 * await using s3 = await SimulatedS3.start({ buckets: ['recordings'] });
 * const client = new S3Client(s3.clientConfig());
 * ```
 */
export class SimulatedS3 implements AsyncDisposable {
  /** What goes wrong next; operation names are those of {@link S3Operation}. */
  readonly faults: FaultScript;
  readonly region: string;
  readonly credentials: SigningCredentials;
  readonly #store: S3Store;
  readonly #options: SimulatedS3Options;
  readonly #clock: Clock;
  readonly #exchanges: S3Exchange[] = [];
  #endpoint: Endpoint | undefined;

  private constructor(options: SimulatedS3Options) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#store = new S3Store(this.#clock);
    this.faults = new FaultScript(this.#clock);
    this.region = options.region ?? 'us-east-1';
    this.credentials = options.credentials?.[0] ?? {
      accessKeyId: 'AKIASIMULATEDEXAMPLE',
      secretAccessKey: 'simulated-secret-access-key',
    };
    for (const bucket of options.buckets ?? []) this.createBucket(bucket);
  }

  /** Starts listening. @throws the `listen` error, e.g. EADDRINUSE. */
  static async start(options: SimulatedS3Options = {}): Promise<SimulatedS3> {
    const s3 = new SimulatedS3(options);
    s3.#endpoint = await listen((message, response) => s3.#serve(message, response), { port: options.port });
    return s3;
  }

  /** `http://127.0.0.1:<port>` */
  get origin(): string {
    return this.#endpoint?.origin ?? '';
  }

  /** What to construct an `S3Client` with, so that it talks to this simulator. */
  clientConfig(): {
    readonly endpoint: string;
    readonly region: string;
    readonly forcePathStyle: true;
    readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  } {
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentials;
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    return { endpoint: this.origin, region: this.region, forcePathStyle: true, credentials };
  }

  /** @throws {@link S3Error} when the name is taken or not a bucket name */
  createBucket(name: string): void {
    this.#store.createBucket(name);
  }

  /** What a bucket is set to; default what S3 gives a new one. @throws {@link S3Error} `NoSuchBucket` */
  settings(bucket: string): BucketSettings {
    return this.#store.settings(bucket);
  }

  /** Sets a bucket as its owner would, or to what it was long ago. @throws {@link S3Error} `NoSuchBucket` */
  configureBucket(bucket: string, changes: Partial<BucketSettings>): void {
    this.#store.configure(bucket, changes);
  }

  /**
   * Stores an object as a service of the same cloud would, without a request. Listeners are told.
   * @throws {@link S3Error} `NoSuchBucket`
   */
  put(bucket: string, key: string, bytes: Uint8Array, options: PutOptions = {}): StoredObject {
    const object: StoredObject = {
      bucket,
      key,
      bytes,
      contentType: options.contentType ?? 'binary/octet-stream',
      metadata: options.metadata ?? {},
      headers: {},
      tags: {},
      etag: simpleEtag(bytes),
      lastModified: this.#clock.now(),
      checksum: { algorithm: 'CRC32', type: 'FULL_OBJECT', value: checksumOf('CRC32', bytes) },
    };
    this.#store.save(object, 'ObjectCreated:Put');
    return object;
  }

  /** @throws {@link S3Error} `NoSuchBucket` */
  get(bucket: string, key: string): StoredObject | undefined {
    return this.#store.find(bucket, key);
  }

  /** Objects under a prefix in the order of S3. @throws {@link S3Error} `NoSuchBucket` */
  list(bucket: string, prefix: string = ''): readonly StoredObject[] {
    return this.#store.list(bucket, prefix);
  }

  /** Keys with an upload that was neither completed nor aborted: what a careless client leaves behind. */
  openUploads(bucket: string): readonly { readonly key: string; readonly uploadId: string }[] {
    return this.#store.openUploads(bucket).map(({ key, uploadId }) => ({ key, uploadId }));
  }

  /** Called after each write, before its answer is sent. @returns a function that ends it */
  onObjectCreated(listener: (created: ObjectCreated) => void): () => void {
    return this.#store.onObjectCreated(listener);
  }

  /** Every request so far. */
  requests(): readonly S3Exchange[] {
    return [...this.#exchanges];
  }

  /** Stops listening and resets open connections. The objects stay readable through this object. */
  async close(): Promise<void> {
    await this.#endpoint?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = readRequest(message);
    const { method, operation, bucket, key } = request;
    let errorCode: S3ErrorCode | undefined;
    const { answer, delivered } = await this.faults.run(operation, message, response, async () => {
      const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
      const answered = await this.#answer(message, request).catch(async (error: unknown) => {
        if (!(error instanceof S3Error)) throw error;
        errorCode = error.code;
        await drainBody(message);
        return errorAnswer(error, `/${bucket}/${key}`, requestId);
      });
      return {
        ...answered,
        headers: { ...answered.headers, 'x-amz-request-id': requestId, 'x-amz-id-2': 'simulated' },
      };
    });
    this.#exchanges.push({
      at: this.#clock.now(),
      method,
      operation,
      bucket,
      key,
      status: answer?.status,
      errorCode,
      delivered,
    });
  }

  async #answer(message: IncomingMessage, request: S3Request): Promise<Answer> {
    const now = (this.#options.signatureClock ?? systemClock).now();
    const accountId = this.#options.accountId ?? '111122223333';
    authenticate(request, {
      credentials: this.#options.credentials ?? [this.credentials],
      region: this.region,
      accountId,
      now,
    });
    const body = await readVerifiedBody(message, request, this.#options.maxObjectBytes ?? 256 * 1024 * 1024);
    return dispatch(this.#store, request, body, {
      region: this.region,
      minPartBytes: this.#options.minPartBytes ?? 5 * 1024 * 1024,
      repeatedComplete: this.#options.repeatedComplete ?? 'succeeds',
    });
  }
}
