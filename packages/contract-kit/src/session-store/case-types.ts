import type { Applicability, Case } from '../case.ts';
import type { SessionStoreFacts, SessionStoreHarness } from './harness.ts';

export type StoreCase = Case<SessionStoreHarness, SessionStoreFacts>;

export const whereDurable = ({ durable }: SessionStoreFacts): Applicability =>
  durable ? 'yes' : { not: 'the store lives in the memory of one process' };

export const whereShared = ({ shared }: SessionStoreFacts): Applicability =>
  shared ? 'yes' : { not: 'the store belongs to one process' };
