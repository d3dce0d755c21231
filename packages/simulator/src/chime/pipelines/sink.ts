import type { ChimeEnvironment } from '../environment.ts';
import { type BucketAction, bucketExists, isGranted, WRITING } from '../object-store.ts';
import { ServiceError } from '../wire/service-error.ts';

/** A bucket, and the prefix of keys in it: empty, or without a slash at either end. */
export interface Sink {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Reads and checks the ARN of a sink, as the service does when a pipeline is created: its bucket must let the service do
 * all of `actions`.
 * @throws ServiceError `BadRequest`
 */
export function openSink(
  sinkArn: string,
  environment: Pick<ChimeEnvironment, 'store' | 'bucketPolicy'>,
  actions: readonly BucketAction[] = WRITING,
): Sink {
  const match = /^arn:aws:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(sinkArn);
  const [, bucket = '', rest = ''] = match ?? [];
  if (!match) throw new ServiceError('BadRequest', `Invalid S3 bucket ARN ${sinkArn}`);
  if (!bucketExists(environment.store, bucket)) throw new ServiceError('BadRequest', 'No such S3 Bucket');
  if (!isGranted(environment, bucket, 'mediapipelines.chime.amazonaws.com', actions)) {
    throw new ServiceError('BadRequest', `S3 Bucket policy not valid/present for Sink ${sinkArn}`);
  }
  return { bucket, prefix: rest.replace(/^\/+|\/+$/g, '') };
}

/** A key under the prefix of a sink. */
export function keyIn(sink: Sink, ...parts: readonly string[]): string {
  return [sink.prefix, ...parts].filter((part) => part !== '').join('/');
}

/** `yyyy-mm-dd-HH-MM-SS-mmm` in UTC. */
export function chunkStamp(at: number): string {
  return new Date(at).toISOString().slice(0, -1).replaceAll(/[T:.]/g, '-');
}
