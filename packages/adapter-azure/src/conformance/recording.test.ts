import { recordingSuite, registerMutants, registerSuite, reportTo } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { azureSubject } from './testing/azure-subject.ts';

const folder = process.env['ONRECORD_CONFORMANCE'];
const report = folder === undefined ? undefined : reportTo(folder);
registerSuite({ describe, test, afterAll }, recordingSuite, azureSubject, { report });
registerMutants({ describe, test }, azureSubject);
