import type { Suite } from '../case.ts';
import { addressCases } from './address-cases.ts';
import { conditionCases } from './condition-cases.ts';
import { failedPutCases } from './failed-put-cases.ts';
import type { StorageFacts, StorageHarness } from './harness.ts';
import { listCases } from './list-cases.ts';
import { putCases } from './put-cases.ts';
import { readCases } from './read-cases.ts';
import { sharingCases } from './sharing-cases.ts';

export type { StorageFacts, StorageFaults, StorageHarness } from './harness.ts';
export { type StorageMutant, storageMutants } from './mutants.ts';

/** What every `StorageDriver` keeps to. */
export const storageSuite: Suite<StorageHarness, StorageFacts> = {
  name: 'storage',
  version: 'v1',
  cases: [
    ...putCases,
    ...failedPutCases,
    ...conditionCases,
    ...readCases,
    ...listCases,
    ...addressCases,
    ...sharingCases,
  ],
};
