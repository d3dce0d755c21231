export * from './inspect-media.ts';
export { manifestOf, manifestSchema } from './manifest.ts';
export * from './worker.ts';
export { defaultIntervals, type WorkerInstance, type WorkerIntervals, type WorkerOptions } from './worker-options.ts';
