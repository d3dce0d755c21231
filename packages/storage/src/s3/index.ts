export type { S3Options } from './config.ts';
export { S3Driver, s3 } from './s3-driver.ts';
