export * from './event.ts';
export * from './handlers-sink.ts';
