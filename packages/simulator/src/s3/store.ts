import { randomUUID } from 'node:crypto';
import type { Clock } from '@onrecord/core';
import { type BucketSettings, newBucketSettings } from './bucket-settings.ts';
import type { ObjectChecksum } from './checksum.ts';
import { S3Error } from './error.ts';
import type { MultipartUpload, ObjectProperties, StoredObject } from './stored-object.ts';

/** Which request created an object, named as in S3 event notifications. */
export type CreationEvent =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Post'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload';

/** What a bucket tells about a new object. */
export interface ObjectCreated {
  readonly event: CreationEvent;
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** Epoch ms by the simulator's clock. */
  readonly at: number;
  /** Hexadecimal, greater for a later write of the same key when compared as text. */
  readonly sequencer: string;
}

/** A completed upload is remembered, so that the same Complete can be answered again. */
interface FinishedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
}

/** Buckets, objects and open uploads, in memory. Every change is made within one turn of the event loop. */
export class S3Store {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Map<string, StoredObject>>();
  readonly #settings = new Map<string, BucketSettings>();
  readonly #uploads = new Map<string, MultipartUpload>();
  readonly #finished = new Map<string, FinishedUpload>();
  readonly #listeners = new Set<(created: ObjectCreated) => void>();
  #sequence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name);
  }

  createBucket(name: string): void {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
      throw new S3Error('InvalidBucketName', undefined, { BucketName: name });
    if (this.#buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: name });
    this.#buckets.set(name, new Map());
  }

  /** @throws {@link S3Error} `NoSuchBucket` */
  settings(bucket: string): BucketSettings {
    this.objects(bucket);
    return this.#settings.get(bucket) ?? newBucketSettings;
  }

  /** @throws {@link S3Error} `NoSuchBucket` */
  configure(bucket: string, changes: Partial<BucketSettings>): void {
    this.#settings.set(bucket, { ...this.settings(bucket), ...changes });
  }

  /** @throws {@link S3Error} `NoSuchBucket` */
  objects(bucket: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(bucket);
    if (!objects) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
    return objects;
  }

  find(bucket: string, key: string): StoredObject | undefined {
    return this.objects(bucket).get(key);
  }

  /** @throws {@link S3Error} `NoSuchBucket`, `NoSuchKey` */
  get(bucket: string, key: string): StoredObject {
    const object = this.find(bucket, key);
    if (!object) throw new S3Error('NoSuchKey', undefined, { Key: key });
    return object;
  }

  /** Objects whose key begins with `prefix`, in the order of S3: by the bytes of the key. */
  list(bucket: string, prefix: string): readonly StoredObject[] {
    return [...this.objects(bucket).values()]
      .filter((object) => object.key.startsWith(prefix))
      .sort((a, b) => compareKeys(a.key, b.key));
  }

  save(object: StoredObject, event: CreationEvent): void {
    this.objects(object.bucket).set(object.key, object);
    this.#sequence += 1;
    const { bucket, key, etag } = object;
    const sequencer = this.#sequence.toString(16).toUpperCase().padStart(16, '0');
    const created: ObjectCreated = {
      event,
      bucket,
      key,
      etag,
      size: object.bytes.byteLength,
      at: object.lastModified,
      sequencer,
    };
    for (const listener of this.#listeners) listener(created);
  }

  setTags(object: StoredObject, tags: StoredObject['tags']): void {
    this.objects(object.bucket).set(object.key, { ...object, tags });
  }

  remove(bucket: string, key: string): void {
    this.objects(bucket).delete(key);
  }

  openUpload(
    bucket: string,
    key: string,
    properties: ObjectProperties,
    checksum: Pick<ObjectChecksum, 'algorithm' | 'type'> | undefined,
  ): MultipartUpload {
    this.objects(bucket);
    const uploadId = randomUUID().replaceAll('-', '');
    const upload: MultipartUpload = {
      uploadId,
      bucket,
      key,
      initiated: this.now(),
      properties,
      checksum,
      parts: new Map(),
    };
    this.#uploads.set(uploadId, upload);
    return upload;
  }

  /** @throws {@link S3Error} `NoSuchBucket`, `NoSuchUpload` */
  upload(bucket: string, key: string, uploadId: string): MultipartUpload {
    this.objects(bucket);
    const upload = this.#uploads.get(uploadId);
    if (!upload || upload.bucket !== bucket || upload.key !== key) {
      throw new S3Error('NoSuchUpload', undefined, { UploadId: uploadId });
    }
    return upload;
  }

  openUploads(bucket: string): readonly MultipartUpload[] {
    this.objects(bucket);
    return [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket)
      .sort((a, b) => compareKeys(a.key, b.key) || a.initiated - b.initiated);
  }

  closeUpload(upload: MultipartUpload, etag?: string): void {
    this.#uploads.delete(upload.uploadId);
    const { bucket, key } = upload;
    if (etag !== undefined) this.#finished.set(upload.uploadId, { bucket, key, etag });
  }

  /** ETag of an upload that was completed before, undefined for one that never was. */
  finishedUpload(bucket: string, key: string, uploadId: string): string | undefined {
    const finished = this.#finished.get(uploadId);
    return finished?.bucket === bucket && finished.key === key ? finished.etag : undefined;
  }

  onObjectCreated(listener: (created: ObjectCreated) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
