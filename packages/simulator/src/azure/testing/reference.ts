import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a file of the reference data would lie: beside the repository, or under ONRECORD_REFERENCE. */
export function referencePath(file: string): string {
  const beside = fileURLToPath(new URL('../../../../../../shared/reference', import.meta.url));
  return join(process.env['ONRECORD_REFERENCE'] ?? beside, file);
}
