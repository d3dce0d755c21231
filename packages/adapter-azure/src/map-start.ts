import type { StartRecordingOptions } from '@azure/communication-call-automation';
import { formatOutput, type Output, type Seen, type StartPlan, sameOutput, type Track } from '@onrecord/core';
import { signCallbackUrl } from './callback/callback-url.ts';
import { azureCapabilities } from './capabilities.ts';
import type { AzureConfig } from './config/config.ts';
import { placeFact } from './file-facts.ts';
import { textAt } from './json-reader.ts';
import { expectedTracks } from './map-tracks.ts';
import { type ChannelWish, checkLayout, readChannels } from './start/channels.ts';
import { locatorOf } from './start/locator.ts';
import { noProblems, refuseProblems, type StartProblems } from './start/problems.ts';
import { optionsPath, readOptions } from './start/read-options.ts';
import { storageOf } from './start/recording-storage.ts';
import { repeatabilityHeaders } from './start/repeatability.ts';

/** A start, ready to be sent. */
export interface PlannedStart {
  readonly request: StartRecordingOptions;
  /** What its answer will have shown: which file is expected and, in a container of our own, where. */
  readonly seen: Seen;
}

/**
 * The request for a start, complete: content, channels and format are always sent, because the service does not state
 * its defaults, and the SDK checks none of them.
 *
 * @throws OnRecordError `unsupported` or `invalid-request` that lists every problem, before anything is sent.
 */
export function planStart(plan: StartPlan, config: AzureConfig, signal: AbortSignal): PlannedStart {
  const problems = noProblems();
  const { call, output, command } = plan;
  const locator = locatorOf(call, config, problems);
  checkOutput(plan, problems);
  const options = readOptions(plan.providerOptions ?? {}, problems.invalid);
  const wish = channelsOf(plan, options.channels, problems);
  const storage = storageOf(options.storage, config.recordingStorage, plan, problems);
  refuseProblems(problems);
  return {
    request: {
      ...locator,
      ...formatOf(output),
      ...(plan.startPaused ? { pauseOnStart: true } : {}),
      ...(wish ? requested(wish) : {}),
      ...(storage ? { recordingStorage: storage.request } : {}),
      ...(config.callbackUrl
        ? {
            recordingStateCallbackEndpointUrl: signCallbackUrl(config.callbackUrl, config.callbackKeys, {
              correlation: plan.correlation,
              commandId: command.commandId,
            }),
          }
        : {}),
      abortSignal: signal,
      requestOptions: { customHeaders: repeatabilityHeaders(command) },
    },
    seen: {
      expects: [
        {
          role: 'master',
          container: output.container,
          tracks: promisedTracks(plan, wish),
          ...(storage?.place === undefined ? {} : { prefix: storage.place, several: true }),
        },
      ],
      ...(storage?.place === undefined ? {} : { facts: placeFact(storage.place) }),
    },
  };
}

function checkOutput({ output, maxDurationMs }: StartPlan, { unsupported }: StartProblems): void {
  if (!azureCapabilities.outputs.some((legal) => sameOutput(legal, output))) {
    const legal = azureCapabilities.outputs.map(formatOutput).join(', ');
    unsupported.push({
      path: 'output',
      message: `Azure cannot record ${formatOutput(output)}; it can record ${legal}.`,
    });
  }
  if (maxDurationMs !== undefined) {
    const message = 'Azure cannot end a recording after a time. Leave it out and stop the session yourself.';
    unsupported.push({ path: 'maxDurationMs', message });
  }
}

/** The wish of the options, else the reference of the call where the layout has one. */
function channelsOf(
  { call, output: { layout } }: StartPlan,
  asked: ChannelWish | undefined,
  { invalid }: StartProblems,
): ChannelWish | undefined {
  if (asked) {
    checkLayout(asked.by, layout, `${optionsPath}.${asked.by}`, invalid);
    return asked;
  }
  const reference = textAt(call.data, 'reference');
  if (layout !== 'separate' || reference === undefined) return undefined;
  return readChannels('reference', reference, 'call.data.reference', invalid);
}

/** A reference and a list of channels are kinds of affinity: only that promises a channel. */
function requested({
  by,
  pins,
}: ChannelWish): Pick<StartRecordingOptions, 'channelAffinity' | 'audioChannelParticipantOrdering'> {
  if (by === 'audioChannelParticipantOrdering') {
    return { audioChannelParticipantOrdering: pins.map(({ participant }) => participant.identifier) };
  }
  return {
    channelAffinity: pins.map(({ channel, participant }) => ({ channel, targetParticipant: participant.identifier })),
  };
}

/** As far as they can be promised beforehand. */
function promisedTracks({ call, output }: StartPlan, wish: ChannelWish | undefined): readonly Track[] {
  const pins = wish?.pins ?? [];
  const tracks = expectedTracks(
    call,
    output,
    pins.map(({ participant }) => participant.rawId),
  );
  if (output.layout === 'mixed') return tracks;
  return tracks.map((track, index) => ({ ...track, channel: pins[index]?.channel ?? index }));
}

function formatOf({
  media,
  layout,
  container,
}: Output): Pick<StartRecordingOptions, 'recordingContent' | 'recordingChannel' | 'recordingFormat'> {
  return {
    recordingContent: media === 'audio' ? 'audio' : 'audioVideo',
    recordingChannel: layout === 'mixed' ? 'mixed' : 'unmixed',
    // The list of legal outputs leaves these three.
    recordingFormat: container as 'wav' | 'mp3' | 'mp4',
  };
}
