import { type AzureCallRef, azureServerCall } from '../call-ref.ts';
import { type Incoming, objectAt } from '../json-reader.ts';
import { idAt } from '../message.ts';

/**
 * The `source` or `subject` of a callback: `calling/callConnections/{id}[/{event}]` or
 * `calling/recordings/{serverCallId}/recordingId/{id}[/{event}]`, with and without the last segment, as both were seen.
 */
function pathIdIn(event: Incoming, name: 'callConnections' | 'recordingId'): string | undefined {
  for (const member of ['subject', 'source']) {
    // A serverCallId is base64, so it may hold slashes: the id is what follows the last of its names.
    const path = idAt(event, member)?.split('/') ?? [];
    const at = path.lastIndexOf(name);
    const id = at < 0 ? undefined : path[at + 1];
    if (id) return id;
  }
  return undefined;
}

/** The recording that an event is about; optional in its data by description. */
export function recordingIdIn(event: Incoming): string | undefined {
  return idAt(objectAt(event, 'data'), 'recordingId') ?? pathIdIn(event, 'recordingId');
}

/** The call of our leg that an event is about; undefined when it names no leg. */
export function callIn(event: Incoming): AzureCallRef | undefined {
  const data = objectAt(event, 'data');
  const callConnectionId = idAt(data, 'callConnectionId') ?? pathIdIn(event, 'callConnections');
  if (callConnectionId === undefined) return undefined;
  const [serverCallId, correlationId] = [idAt(data, 'serverCallId'), idAt(data, 'correlationId')];
  return azureServerCall({ callConnectionId, serverCallId, correlationId });
}
