export * from './command.ts';
export * from './deadlines.ts';
