import { mutants, recordingSuite, registerMutants, registerSuite, reportTo } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { azureSubject } from './testing/azure-subject.ts';

const folder = process.env['ONRECORD_CONFORMANCE'];
const report = folder === undefined ? undefined : reportTo(folder);
registerSuite({ describe, test, afterAll }, recordingSuite, azureSubject, { report });

/**
 * A driver that forgot its token does no harm here: the service makes one recording of a call at a time, and the
 * callback of the one whose answer was lost brings it back.
 */
const harmless = ['sends another token with each attempt'];
registerMutants(
  { describe, test },
  azureSubject,
  mutants.filter(({ name }) => !harmless.includes(name)),
);
