import { OnRecordError, type StartPlan, unknownMembers } from '@onrecord/core';
import { describe } from './config/problem.ts';
import { textAt } from './json-reader.ts';

/** What `providerOptions` of a start may hold. */
export interface AzureStartOptions {
  /**
   * Raw id of the participant who gets channel 0 alone (`separate` only); else `reference` in the data of the call.
   * Without one the channels follow the order in which voices are first heard, and the metadata file tells whose they are.
   * @personal
   */
  readonly reference?: string | undefined;
  /**
   * Raw ids of the participants on channels 0 to 4, in this order (`separate` and `per-participant`). Others get the
   * channels that are left.
   * @personal
   */
  readonly channels?: readonly string[] | undefined;
}

/** Channels of an unmixed recording. What becomes of a sixth voice is not documented. */
const channelLimit = 5;

/**
 * Raw ids pinned to channels 0, 1, …; empty when nobody is.
 * @throws OnRecordError `invalid-request` for options that are unknown, contradict each other or do not fit the layout.
 */
export function pinnedParticipants(plan: StartPlan): readonly string[] {
  const options = plan.providerOptions ?? {};
  const { layout } = plan.output;
  const unknown = unknownMembers(options, ['reference', 'channels'], 'providerOptions');
  if (unknown.length > 0) throw invalid(unknown.map(describe).join(' '));
  const { reference, channels } = options;
  if (reference !== undefined && channels !== undefined) {
    throw invalid('providerOptions: give either reference or channels; the first of channels is the reference.');
  }
  if (layout === 'mixed' && (reference ?? channels) !== undefined) {
    throw invalid('providerOptions: reference and channels belong to separate voices, not to a mixed recording.');
  }
  if (channels !== undefined) return checkedChannels(channels);
  if (reference !== undefined) {
    if (layout !== 'separate')
      throw invalid('providerOptions.reference: belongs to the layout separate; give channels.');
    if (typeof reference !== 'string' || !reference) throw invalid('providerOptions.reference: must be a raw id.');
    return [reference];
  }
  const known = textAt(plan.call.data, 'reference');
  return layout === 'separate' && known !== undefined ? [known] : [];
}

function checkedChannels(channels: unknown): readonly string[] {
  const given = Array.isArray(channels) ? channels : [];
  const ids = given.filter((id): id is string => typeof id === 'string' && id !== '');
  const fits = ids.length > 0 && ids.length === given.length && ids.length <= channelLimit;
  if (fits && new Set(ids).size === ids.length) return ids;
  throw invalid(`providerOptions.channels: must be one to ${channelLimit} different raw ids.`);
}

function invalid(message: string): OnRecordError {
  return new OnRecordError('invalid-request', message);
}
