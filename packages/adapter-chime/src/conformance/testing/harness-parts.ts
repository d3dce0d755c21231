import type { Delivery, Interceptor, ProviderRequest } from '@onrecord/contract-kit';
import type { SimulatedChime, SimulatedS3 } from '@onrecord/simulator';
import { type MemoryDriver, memory } from '@onrecord/storage';
import { type S3Driver, s3 as s3Driver } from '@onrecord/storage/s3';

export const BUCKET = 'recordings';

/** Hands a message on as it is. */
export const handOn: Interceptor = (request, deliver): Promise<Delivery> => deliver(request);

/** The bucket in which the services leave their files. */
export function landingIn(s3: SimulatedS3): S3Driver {
  return s3Driver({ bucket: BUCKET, client: s3.clientConfig() });
}

/** An archive, and the way to read what is in it. */
export function openArchive(): { readonly archive: MemoryDriver; read(location: string): Promise<Uint8Array> } {
  const archive = memory({ name: 'archive' });
  return {
    archive,
    async read(location) {
      const bytes = archive.native().get(archive.keyOf(location) ?? '');
      if (!bytes) throw new Error(`${location} is not in the archive`);
      return bytes;
    },
  };
}

/** Requests of several journals in one list: what was seen keeps its place, and what is new comes behind it. */
export function requestLog(
  ...journals: readonly (() => readonly ProviderRequest[])[]
): () => readonly ProviderRequest[] {
  const log: ProviderRequest[] = [];
  const taken = journals.map(() => 0);
  return () => {
    for (const [index, journal] of journals.entries()) {
      const entries = journal();
      log.push(...entries.slice(taken[index]));
      taken[index] = entries.length;
    }
    return [...log];
  };
}

/** What the APIs of Chime were asked. */
export function chimeRequests(chime: SimulatedChime): () => readonly ProviderRequest[] {
  return () =>
    chime.requests().map(({ operation = 'an unknown operation' }) => ({
      name: operation,
      kind: /^(Get|List)/.test(operation) ? 'query' : 'command',
    }));
}

/** What S3 was asked: to read, in the bucket of the landing, or to take finished files away. */
export function s3Requests(s3: SimulatedS3): () => readonly ProviderRequest[] {
  return () =>
    s3.requests().map(({ operation }) => ({
      name: operation,
      kind: /^(Get|Head|List)/.test(operation) ? 'query' : 'command',
    }));
}
