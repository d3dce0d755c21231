export * from './body.ts';
export * from './endpoint.ts';
export * from './faults.ts';
export type { BodyFault } from './faulty-body.ts';
export * from './sigv4.ts';
