/** Domains whose hosts serve files: the ones from which the SDK 1.6.0 downloads (`recordingUrlValidator.js`). */
export const STORAGE_DOMAINS: readonly string[] = [
  'asm.skype.com',
  'asyncgw.teams.microsoft.com',
  'ams.gov.teams.microsoft.us',
];

/** Whether `host`, without a port, serves files. */
export function isStorageHost(host: string): boolean {
  return STORAGE_DOMAINS.some((domain) => host.endsWith(`.${domain}`));
}
