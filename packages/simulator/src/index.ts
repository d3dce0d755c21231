export * from './azure/index.ts';
export * from './call/virtual-call.ts';
export * from './chime/index.ts';
export * from './clock/virtual-clock.ts';
export * from './faults/index.ts';
export * from './http/index.ts';
export * from './media/index.ts';
export * from './s3/index.ts';
