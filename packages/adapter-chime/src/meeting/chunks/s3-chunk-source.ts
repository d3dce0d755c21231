import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { OnRecordError } from '@onrecord/core';
import type { AwsOptions } from '../../aws/client-options.ts';
import { clientConfig } from '../../aws/client-options.ts';
import type { ChunkSource, ListedObject } from './chunk-source.ts';

/** How the bucket of the recordings is reached. */
export interface BucketAccess extends AwsOptions {
  readonly bucket: string;
  /** The bucket stands in the path of a URL; default: the SDK decides. */
  readonly forcePathStyle?: boolean | undefined;
}

/** The SDK repeats what failed in passing: here nothing is written. */
const maxAttempts = 3;

/** Reads one bucket. The SDK is loaded with the first request. */
export class S3ChunkSource implements ChunkSource {
  readonly #access: BucketAccess;
  #opened: Promise<{ readonly sdk: typeof import('@aws-sdk/client-s3'); readonly client: S3Client }> | undefined;

  constructor(access: BucketAccess) {
    this.#access = access;
  }

  async *list(prefix: string, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<ListedObject> {
    const { sdk, client } = await this.#open();
    for (let token: string | undefined; ; ) {
      const page = await client.send(
        new sdk.ListObjectsV2Command({ Bucket: this.#access.bucket, Prefix: prefix, ContinuationToken: token }),
        { abortSignal: signal },
      );
      for (const { Key, Size } of page.Contents ?? []) if (Key !== undefined) yield { key: Key, bytes: Size ?? 0 };
      token = page.NextContinuationToken;
      if (token === undefined) return;
    }
  }

  async open(
    key: string,
    options: {
      readonly signal: AbortSignal;
      readonly range?: { readonly first: number; readonly last: number } | undefined;
    },
  ): Promise<Uint8Array> {
    const { range, signal } = options;
    const { sdk, client } = await this.#open();
    try {
      const answer = await client.send(
        new sdk.GetObjectCommand({
          Bucket: this.#access.bucket,
          Key: key,
          ...(range ? { Range: `bytes=${range.first}-${range.last}` } : {}),
        }),
        { abortSignal: signal },
      );
      return (await answer.Body?.transformToByteArray()) ?? new Uint8Array(0);
    } catch (error) {
      if (!(error instanceof sdk.NoSuchKey)) throw error;
      throw new OnRecordError('not-found', `There is no s3://${this.#access.bucket}/${key}.`, {
        retry: 'never',
        blame: 'destination',
        cause: error,
      });
    }
  }

  /** Ends open connections, if any request was made. */
  async close(): Promise<void> {
    (await this.#opened)?.client.destroy();
    this.#opened = undefined;
  }

  #open() {
    this.#opened ??= import('@aws-sdk/client-s3').then((sdk) => {
      const { forcePathStyle } = this.#access;
      const config: S3ClientConfig = {
        ...clientConfig(this.#access, this.#access.region),
        maxAttempts,
        ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
      };
      return { sdk, client: new sdk.S3Client(config) };
    });
    return this.#opened;
  }
}
