export type { AwsCredentials, AwsOptions } from './aws/client-options.ts';
export type { ChimeSmaOptions } from './control/config.ts';
export { type ChimeSmaNative, chimeSma, SmaControl } from './control/driver.ts';
export type { EventSecretOptions } from './delivery/event-secret.ts';
export * from './delivery/index.ts';
export * from './insights/index.ts';
export { type ChimeMeetingCall, type ChimeMeetingData, chimeMeetingCall } from './meeting/call-ref.ts';
export { type ChimeMeetingCapabilities, chimeMeetingCapabilities } from './meeting/capabilities.ts';
export type { CompositedVideo, ContentShareLayout } from './meeting/capture/composited-video.ts';
export type { CaptureEncryption } from './meeting/capture/encryption.ts';
export type { SelectedVideo } from './meeting/capture/select.ts';
export type { ChimeMeetingStartOptions } from './meeting/capture/start-options.ts';
export type { BucketOptions } from './meeting/chunks/bucket-options.ts';
export type { CaptureStream } from './meeting/chunks/chunk-key.ts';
export type { Inventory, StreamInventory } from './meeting/chunks/inventory.ts';
export type { Remuxed } from './meeting/chunks/remux.ts';
export type { MeetingClients } from './meeting/client.ts';
export type { ChunkFigures, Examination } from './meeting/concatenation/examine.ts';
export type { MeetingChunks } from './meeting/concatenation/meeting-chunks.ts';
export type { ChimeConcatenationOptions } from './meeting/concatenation/options.ts';
export type { CapturedPart, Reconcatenation } from './meeting/concatenation/reconcatenate.ts';
export type { JoinedFile } from './meeting/concatenation/results.ts';
export type { ChimeMeetingOptions, MeetingVideo } from './meeting/config.ts';
export { ChimeMeetingDriver, type ChimeMeetingNative, chimeMeeting } from './meeting/driver.ts';
export type {
  ChimeLiveOutput,
  ChimeSides,
  ChimeSidesOptions,
  ChimeStreamOutput,
} from './meeting/sides/side-options.ts';
export type { ChimeStreamPool, ChimeStreamPoolSpec } from './meeting/sides/stream-pool.ts';
export {
  ChimeStreamPools,
  type ChimeStreamPoolsOptions,
  chimeStreamPools,
  type PoolWaitOptions,
  type StreamRemover,
} from './meeting/sides/stream-pools.ts';
export * from './sma/index.ts';
