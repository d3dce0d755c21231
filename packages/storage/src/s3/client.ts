import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

const silent = () => {};

/** The client of a store, and whether the store made it and so has to destroy it. */
export interface ClientHandle {
  readonly client: S3Client;
  readonly owned: boolean;
}

/** Uses the caller's client, or makes one that writes nothing to the console. */
export function openClient(given: S3Client | S3ClientConfig | undefined): ClientHandle {
  if (given instanceof S3Client) return { client: given, owned: false };
  const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
  return { client: new S3Client({ logger, ...given }), owned: true };
}
