export { isLater, lastWrites, type ObjectCreated } from './object-created.ts';
export { type BucketMessage, parseObjectCreated, readBucketMessage } from './read-object-created.ts';
export { defaultRecordingPrefix, parseRecordingKey, type RecordingKey, recordingKey } from './recording-key.ts';
export { type RecordingMetadata, readRecordingMetadata } from './recording-metadata.ts';
