import { fileURLToPath } from 'node:url';

/** Where a file of the reference data would lie: beside the repository, or under ONRECORD_REFERENCE. */
export function referencePath(file: string): string {
  const root = process.env['ONRECORD_REFERENCE'];
  if (root) return `${root}/${file}`;
  return fileURLToPath(new URL(`../../../../../../shared/reference/${file}`, import.meta.url));
}
