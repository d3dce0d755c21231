import {
  type Case,
  registerSuite,
  runCase,
  type StorageFacts,
  type StorageHarness,
  storageMutants,
  storageSuite,
} from '@onrecord/contract-kit';
import { afterAll, describe, expect, test } from 'vitest';
import { memory } from './memory-driver.ts';

const facts: StorageFacts = {
  capabilities: memory().capabilities,
  durable: false,
  counted: false,
  faulty: false,
  remote: false,
};

registerSuite({ describe, test, afterAll }, storageSuite, {
  name: 'memory',
  facts,
  async open() {
    const driver = memory();
    return { open: async () => driver, close: () => driver.close() };
  },
});

const caseOf = (id: string): Case<StorageHarness, StorageFacts> => {
  const found = storageSuite.cases.find((one) => one.id === id);
  if (!found) throw new Error(`there is no case ${id}`);
  return found;
};

test.each(storageMutants.map((mutant) => [mutant.name, mutant] as const))(
  'the suite catches a driver that %s',
  async (_name, mutant) => {
    const driver = mutant.break(memory());
    const subject = {
      name: mutant.name,
      facts,
      open: async () => ({ open: async () => driver, close: async () => {} }),
    };
    await expect(runCase(caseOf(mutant.caughtBy), subject)).rejects.toThrow(mutant.caughtBy);
  },
);
