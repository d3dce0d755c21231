import type { Applicability, Case } from '../case.ts';
import type { StorageFacts, StorageHarness } from './harness.ts';

export type StorageCase = Case<StorageHarness, StorageFacts>;

const when = (applies: boolean, not: string): Applicability => (applies ? 'yes' : { not });

export const whereIfAbsent = ({ capabilities }: StorageFacts): Applicability =>
  when(capabilities.ifAbsent === 'atomic', 'the store has no atomic ifAbsent');

export const whereNoIfAbsent = ({ capabilities }: StorageFacts): Applicability =>
  when(capabilities.ifAbsent !== 'atomic', 'the store has atomic ifAbsent');

export const whereIfMatch = ({ capabilities }: StorageFacts): Applicability =>
  when(capabilities.ifMatch === 'atomic', 'the store has no atomic ifMatch');

export const whereNoIfMatch = ({ capabilities }: StorageFacts): Applicability =>
  when(capabilities.ifMatch !== 'atomic', 'the store has atomic ifMatch');

export const whereLinks = ({ capabilities }: StorageFacts): Applicability =>
  when(capabilities.presignRead, 'the store makes no links');

export const whereNoLinks = ({ capabilities }: StorageFacts): Applicability =>
  when(!capabilities.presignRead, 'the store makes links');

export const whereOwnCopies = ({ capabilities }: StorageFacts): Applicability =>
  when(capabilities.serverSideCopyFrom.length > 0, 'the store copies nothing by itself');

export const whereFaulty = ({ faulty }: StorageFacts): Applicability =>
  when(faulty, 'the harness cannot make this store fail');

export const whereFaultyIfAbsent = (facts: StorageFacts): Applicability => {
  const atomic = whereIfAbsent(facts);
  return atomic === 'yes' ? whereFaulty(facts) : atomic;
};

export const whereRemote = ({ remote }: StorageFacts): Applicability => when(remote, 'the store lies on this machine');

export const whereDurable = ({ durable }: StorageFacts): Applicability =>
  when(durable, 'the store lives in the memory of one process');
