import { OnRecordError } from '@onrecord/core';

export type Identity = typeof import('@azure/identity');

/**
 * The optional package that gets tokens, loaded when the first one is wanted.
 * @throws OnRecordError `invalid-request` when it is not installed.
 */
export async function loadIdentity(): Promise<Identity> {
  try {
    return await import('@azure/identity');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new OnRecordError('invalid-request', 'credential.entra needs the package @azure/identity.', {
      remedy: 'Install it beside @onrecord/adapter-azure: npm install @azure/identity',
      cause: error,
    });
  }
}
