import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A file with a PEM certificate, for `NODE_EXTRA_CA_CERTS` or the option `connect` of a configuration. */
export interface CertificateFile extends AsyncDisposable {
  readonly path: string;
}

/**
 * Writes it where it was asked for, or to a new folder that is deleted with it.
 * @param wanted relative to `folder`.
 */
export async function certificateFile(
  certificate: string,
  wanted: string | undefined,
  folder: string,
): Promise<CertificateFile> {
  const own = wanted === undefined ? await mkdtemp(join(tmpdir(), 'onrecord-azure-')) : undefined;
  const path = own === undefined ? resolve(folder, wanted ?? '') : join(own, 'azure-ca.pem');
  await writeFile(path, certificate);
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (own !== undefined) await rm(own, { recursive: true, force: true });
    },
  };
}
