import { randomUUID } from 'node:crypto';

/** Metadata name under which an object carries the token of the put that wrote it. Never shown to readers. */
const NAME = 'onrecord-put';

type Metadata = { readonly [name: string]: string };

/**
 * Marks the object of one put, so that after a lost answer the driver can look whether the object there is the one it
 * sent. Neither ETag nor checksum tells that: another writer may have sent the same bytes.
 */
export class PutToken {
  readonly value: string = randomUUID();

  /** The metadata to send. */
  mark(metadata: Metadata | undefined): Record<string, string> {
    return { ...metadata, [NAME]: this.value };
  }

  wrote(metadata: Metadata | undefined): boolean {
    return metadata?.[NAME] === this.value;
  }
}

/** Metadata as its owner wrote it. */
export function withoutToken(metadata: Metadata | undefined): Metadata {
  const { [NAME]: _token, ...own } = metadata ?? {};
  return own;
}
