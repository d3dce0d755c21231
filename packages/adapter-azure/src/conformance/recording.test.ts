import { recordingSuite, registerMutants, registerSuite } from '@onrecord/contract-kit';
import { afterAll, beforeAll } from 'vitest';
import { type OwnAccount, openOwnAccount } from '../testing/own-account.ts';
import { azureSubject } from './testing/azure-subject.ts';
import { runner } from './testing/runner.ts';

let account: OwnAccount;
beforeAll(async () => {
  account = await openOwnAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

registerSuite(runner, recordingSuite, azureSubject('azure'));
registerMutants(runner, azureSubject('azure'));

/** Into a container of one's own. */
registerSuite(runner, recordingSuite, azureSubject('azure-own-storage', { account: () => account }));
