export * from './config-schema.ts';
export * from './create-container.ts';
export * from './define-plugin.ts';
export type { Resolver } from './interpolate.ts';
export * from './plugin.ts';
export * from './tokens.ts';
