import { recordingSuite, registerMutants, registerSuite } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { azureSubject } from './testing/azure-subject.ts';

registerSuite({ describe, test, afterAll }, recordingSuite, azureSubject);
registerMutants({ describe, test }, azureSubject);
