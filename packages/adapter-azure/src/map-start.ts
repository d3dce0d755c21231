import { createHash } from 'node:crypto';
import type { ChannelAffinity, StartRecordingOptions } from '@azure/communication-call-automation';
import { type CallRef, formatOutput, OnRecordError, type Output, type StartPlan, sameOutput } from '@onrecord/core';
import { signCallbackUrl } from './callback/callback-url.ts';
import { azureCapabilities } from './capabilities.ts';
import type { AzureConfig } from './config/config.ts';
import { textAt } from './json-reader.ts';
import { identifierOf } from './participant.ts';
import { pinnedParticipants } from './start-options.ts';

/**
 * The request for a start, complete: content, channels and format are always sent, because the service does not state
 * its defaults, and the SDK checks none of them.
 *
 * @throws OnRecordError `unsupported` or `invalid-request`, before anything is sent.
 */
export function startOptionsOf(plan: StartPlan, config: AzureConfig, signal: AbortSignal): StartRecordingOptions {
  const { call, output, command } = plan;
  if (!azureCapabilities.outputs.some((legal) => sameOutput(legal, output))) {
    throw unsupported(`Azure cannot record ${formatOutput(output)}.`, azureCapabilities.outputs.map(formatOutput));
  }
  if (plan.maxDurationMs !== undefined) {
    throw new OnRecordError('unsupported', 'Azure cannot end a recording after a time.', {
      remedy: 'Leave out maxDurationMs and stop the session yourself.',
    });
  }
  const pinned = pinnedParticipants(plan);
  return {
    ...locatorOf(call),
    ...formatOf(output),
    ...(plan.startPaused ? { pauseOnStart: true } : {}),
    ...(pinned.length > 0 ? { channelAffinity: pinned.map(affinity) } : {}),
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
  };
}

/**
 * The SDK makes fresh repeatability headers for every call; custom headers replace them, so that any process can
 * repeat the very same request and gets the first answer again.
 */
function repeatabilityHeaders({ token, firstSentAt }: StartPlan['command']): Record<string, string> {
  return {
    'Repeatability-Request-ID': repeatabilityId(token),
    'Repeatability-First-Sent': new Date(firstSentAt).toUTCString(),
  };
}

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The service wants a version 4 UUID; a token of another form becomes one, always the same. */
export function repeatabilityId(token: string): string {
  if (uuid4.test(token)) return token.toLowerCase();
  const hash = createHash('sha256').update(token).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x40, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Exactly one of the two ways to name a call: the service refuses both together, the SDK sends them. */
function locatorOf(call: CallRef): Pick<StartRecordingOptions, 'callConnectionId' | 'callLocator'> {
  switch (call.kind) {
    case 'azure.call-connection':
      return { callConnectionId: callConnectionIdOf(call) };
    case 'azure.server-call':
      return { callLocator: { kind: 'serverCallLocator', id: textAt(call.data, 'serverCallId') ?? call.key } };
    default:
      throw unsupported(`Azure Call Automation cannot record a ${call.kind}.`, azureCapabilities.calls);
  }
}

export function callConnectionIdOf(call: CallRef): string {
  return textAt(call.data, 'callConnectionId') ?? call.key;
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

function affinity(rawId: string, channel: number): ChannelAffinity {
  return { channel, targetParticipant: identifierOf(rawId, `The participant of channel ${channel}`) };
}

function unsupported(message: string, instead: readonly string[]): OnRecordError {
  return new OnRecordError('unsupported', message, { remedy: `It can record ${instead.join(', ')}.` });
}
