export * from './record.ts';
export * from './snapshot.ts';
export * from './transfer.ts';
