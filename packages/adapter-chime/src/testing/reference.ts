import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root =
  process.env['ONRECORD_REFERENCE'] ?? fileURLToPath(new URL('../../../../../shared/reference', import.meta.url));

/** Why tests that read reference data are skipped; undefined when it is there. */
export const withoutReference: string | undefined = existsSync(`${root}/aws`)
  ? undefined
  : 'the reference data is not beside the repository (set ONRECORD_REFERENCE)';

if (withoutReference) console.warn(`skipped: ${withoutReference}`);

/** The JSON files of a folder under `aws/`, by name. */
export function referenceFiles(folder: string): readonly (readonly [string, unknown])[] {
  if (withoutReference) return [];
  return readdirSync(`${root}/aws/${folder}`)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(`${root}/aws/${folder}/${name}`, 'utf8'))] as const);
}

export interface RecordedRequest {
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

/** What the vendor SDK was seen to send for an operation. */
export function recordedRequest(operation: string): RecordedRequest | undefined {
  const requests = referenceFiles('wire').flatMap(([, list]) => list as readonly RecordedRequest[]);
  return requests.find((request) => request.operation === operation);
}
