import type { JsonObject } from '@onrecord/core';
import { checkAttempts } from './capabilities/check-request.ts';
import type { AzureConfig } from './config/config.ts';
import type { AzureParticipant } from './participant.ts';
import { noProblems, refuseProblems } from './start/problems.ts';
import { readOptions } from './start/read-options.ts';
import { placeless, type StorageChoice } from './start/recording-storage.ts';

/** A participant's channel in an unmixed recording. */
export interface AzureChannelAffinity {
  /** 0 to 4. */
  readonly channel: number;
  /** @personal */
  readonly targetParticipant: AzureParticipant;
}

/**
 * What `providerOptions` of a start may hold. They stand in the session record, where {@link azureStartOptions} puts them
 * as JSON. At most one of `reference`, `channels`, `channelAffinity` and `audioChannelParticipantOrdering` is given.
 */
export interface AzureStartOptions {
  /**
   * Who gets channel 0 alone (`separate` only); else `reference` in the data of the call. Without one the channels
   * follow the order in which voices are first heard, and the metadata file tells whose they are.
   * @personal
   */
  readonly reference?: AzureParticipant | undefined;
  /**
   * Who is on channels 0 to 4, in this order (`separate` and `per-participant`); sent as `channelAffinity`. Others get
   * the channels that are left.
   * @personal
   */
  readonly channels?: readonly AzureParticipant[] | undefined;
  /** Channels of up to five different participants, each with its number (`separate` and `per-participant`). */
  readonly channelAffinity?: readonly AzureChannelAffinity[] | undefined;
  /**
   * In which order up to five different participants get the first channels (`separate` and `per-participant`); the rest
   * follow as they are heard.
   * @personal
   */
  readonly audioChannelParticipantOrdering?: readonly AzureParticipant[] | undefined;
  /**
   * `'service'` keeps this recording in the service's own storage; `{ location }` puts it deeper into the configured
   * container. Default: the configured `recordingStorage`, else the service.
   */
  readonly recordingStorage?: StorageChoice | undefined;
}

/**
 * Options of a start as JSON, which is what a session record holds: checked at once, so that a slip shows where it is made,
 * and with identifiers of the SDK in a form that every process reads the same way.
 * @throws OnRecordError `invalid-request` that lists every problem.
 * @example
 * ```ts
 * const providerOptions = azureStartOptions({
 *   channelAffinity: [{ channel: 0, targetParticipant: { communicationUserId: '8:acs:…' } }],
 * });
 * ```
 */
export function azureStartOptions(options: AzureStartOptions): JsonObject {
  const json = JSON.parse(JSON.stringify(options)) as JsonObject;
  checkStartOptions(json);
  return json;
}

/**
 * As far as options can be judged without the rest of the start.
 * @param config what else is known of the provider.
 * @throws OnRecordError `invalid-request` that lists every problem; `unsupported` for what its profile does not offer.
 */
export function checkStartOptions(options: JsonObject, config?: AzureConfig): void {
  const problems = noProblems();
  const { channels, storage } = readOptions(options, problems.invalid);
  if (config && !config.recordingStorage) problems.invalid.push(...placeless(storage));
  refuseProblems(problems);
  if (!config || !channels) return;
  const { by } = channels;
  checkAttempts([by === 'audioChannelParticipantOrdering' ? by : 'channelAffinity'], config);
}
