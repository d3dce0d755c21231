import type { AzureBlobAccount } from '@onrecord/simulator';
import { UsageError } from '../../usage-error.ts';

const form = /^([a-z0-9]{3,24})=(https?:\/\/[^,]+),([A-Za-z0-9+/]+={0,2})$/;

/** `name=http://127.0.0.1:10000,key` each: where storage accounts of the user really are. @throws UsageError */
export function blobAccountOption(given: readonly string[]): Readonly<Record<string, AzureBlobAccount>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name = '', origin = '', accountKey = ''] = form.exec(text) ?? [];
      // The key is a secret: what was given is not repeated.
      if (!URL.canParse(origin)) {
        throw new UsageError('--blob-account takes name=http://127.0.0.1:10000,key with a base64 key.');
      }
      return [name, { origin, accountKey }];
    }),
  );
}
