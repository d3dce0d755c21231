export * from './call-ref.ts';
export { azureCapabilities } from './capabilities.ts';
export type { AzureNative } from './client.ts';
export * from './config/options.ts';
export { AzureCallAutomationDriver, azure } from './driver.ts';
export type { AzureStartOptions } from './start-options.ts';
