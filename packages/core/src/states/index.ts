export * from './states.ts';
export * from './steps.ts';
