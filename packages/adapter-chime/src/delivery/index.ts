export { isLater, lastWrites, type ObjectCreated } from './object-created.ts';
export { type BucketMessage, parseObjectCreated, readBucketMessage } from './read-object-created.ts';
