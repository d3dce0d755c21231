export * from './call/virtual-call.ts';
export * from './clock/virtual-clock.ts';
