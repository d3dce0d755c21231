import type { Suite } from '../case.ts';
import { crashCases } from './crash-cases.ts';
import { createCases } from './create-cases.ts';
import { dueCases } from './due-cases.ts';
import type { SessionStoreFacts, SessionStoreHarness } from './harness.ts';
import { journalCases } from './journal-cases.ts';
import { keyCases } from './key-cases.ts';
import { listCases } from './list-cases.ts';
import { parkCases } from './park-cases.ts';
import { saveCases } from './save-cases.ts';
import { schemaCases } from './schema-cases.ts';
import { watchCases } from './watch-cases.ts';

export type { SessionStoreFacts, SessionStoreHarness } from './harness.ts';

/** What every `SessionStore` keeps to. */
export const sessionStoreSuite: Suite<SessionStoreHarness, SessionStoreFacts> = {
  name: 'session-store',
  version: 'v1',
  cases: [
    ...createCases,
    ...keyCases,
    ...saveCases,
    ...parkCases,
    ...listCases,
    ...dueCases,
    ...watchCases,
    ...journalCases,
    ...schemaCases,
    ...crashCases,
  ],
};
