export * from './call-ref.ts';
export * from './capabilities.ts';
export type { AzureNative } from './client.ts';
export * from './config/options.ts';
export { AzureCallAutomationDriver, azure, type Profiled } from './driver.ts';
export type { AzureStartOptions } from './start-options.ts';
