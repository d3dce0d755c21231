import { type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import { mapCall } from './map-call.ts';
import { mapPlayback } from './map-playback.ts';
import { mapRecording } from './map-recording.ts';
import { readEvent } from './read-event.ts';

/** Events that bring something, or that are known to bring nothing of ours. */
const recordingEvents: readonly string[] = ['RecordingStarted', 'RecordingFinished', 'RecordingFailed'];
const callEvents: readonly string[] = [
  'StasisStart',
  'ChannelStateChange',
  'ChannelDestroyed',
  'BridgeDestroyed',
  'ChannelEnteredBridge',
  'ChannelLeftBridge',
];

/**
 * Turns an event of the driver's own socket into reports and notices. Asterisk signs nothing: an event is proven by the
 * connection, which the driver opened with its credentials, so one that came any other way is refused.
 *
 * @throws OnRecordError `signature-invalid` for other transports, `invalid-request` for what is no event.
 */
export function parseEvent(request: InboundRequest, folder: string, receivedAt: string): Parsed {
  if (request.transport !== 'socket') {
    throw new OnRecordError(
      'signature-invalid',
      `Asterisk sends events on the driver's own socket, never by ${request.transport}.`,
    );
  }
  const event = readEvent(request.body);
  if (recordingEvents.includes(event.type)) {
    const recording = mapRecording(event, folder, receivedAt);
    return { reports: [], calls: [], unhandled: recording ? 0 : 1, ...recording };
  }
  if (callEvents.includes(event.type)) return { reports: [], calls: mapCall(event), unhandled: 0 };
  if (event.type === 'PlaybackFinished') return { reports: [], calls: mapPlayback(event), unhandled: 0 };
  return { reports: [], calls: [], unhandled: 1 };
}
