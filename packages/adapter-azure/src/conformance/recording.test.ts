import { recordingSuite, registerMutants, registerSuite } from '@onrecord/contract-kit';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type OwnAccount, openOwnAccount } from '../testing/own-account.ts';
import { azureSubject } from './testing/azure-subject.ts';

let account: OwnAccount;
beforeAll(async () => {
  account = await openOwnAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

const runner = { describe, test, afterAll };

registerSuite(runner, recordingSuite, azureSubject('azure'));
registerMutants({ describe, test }, azureSubject('azure'));

/** Into a container of one's own. */
registerSuite(runner, recordingSuite, azureSubject('azure-own-storage', { account: () => account }));
