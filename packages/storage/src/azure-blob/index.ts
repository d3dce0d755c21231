export { AzureBlobDriver, azureBlob } from './azure-blob-driver.ts';
export type { AzureBlobOptions } from './config.ts';
