export * from './body.ts';
export * from './endpoint.ts';
export * from './faults.ts';
