import type { CallNotice, CallRef } from '@onrecord/core';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { type Incoming, objectAt, textAt, textsAt } from '../json-reader.ts';
import { isMachine } from '../recording/members.ts';
import type { AriEvent } from './read-event.ts';

/** What an event says about calls; none for what only concerns the server's own channels. */
export function mapCall({ type, at, body }: AriEvent): readonly CallNotice[] {
  const channel = objectAt(body, 'channel');
  const id = textAt(channel, 'id');
  const time = at === undefined ? {} : { at };
  if (id !== undefined && isMachine(textAt(channel, 'name'))) return [];
  switch (type) {
    case 'StasisStart':
    case 'ChannelStateChange':
      return id === undefined ? [] : connected(type, channel, id, time);
    case 'ChannelDestroyed':
      return id === undefined
        ? []
        : [{ type: 'call.ended', noticeId: idOf('ended', id), call: asteriskChannel(id), ...time }];
    case 'BridgeDestroyed': {
      const bridge = textAt(objectAt(body, 'bridge'), 'id');
      if (bridge === undefined) return [];
      return [{ type: 'call.ended', noticeId: idOf('bridge-ended', bridge), call: asteriskBridge(bridge), ...time }];
    }
    case 'ChannelEnteredBridge':
    case 'ChannelLeftBridge':
      return id === undefined ? [] : moved(type, objectAt(body, 'bridge'), id, time);
    default:
      return [];
  }
}

type Time = { readonly at?: string };

/**
 * Told once, when the channel is up: before that it carries no voice, and whoever starts a recording on this notice must
 * not do so twice. Of a Local channel, which is two, the half that the dialplan runs is no leg of its own, unless the
 * dialplan hands it over.
 */
function connected(type: string, channel: Incoming, id: string, time: Time): readonly CallNotice[] {
  if (textAt(channel, 'state') !== 'Up' || (type !== 'StasisStart' && isLocalEnd(channel))) return [];
  const from = textAt(objectAt(channel, 'caller'), 'number');
  return [
    {
      type: 'call.connected',
      noticeId: idOf('connected', id),
      call: asteriskChannel(id),
      answered: true,
      // What Dial() and an originate call show: "(Outgoing Line)".
      ...(/^AppDial2?$/.test(textAt(objectAt(channel, 'dialplan'), 'app_name') ?? '') ? { direction: 'outbound' } : {}),
      ...(from === undefined ? {} : { from }),
      ...time,
    },
  ];
}

function isLocalEnd(channel: Incoming): boolean {
  return /^Local\/.*;2$/.test(textAt(channel, 'name') ?? '');
}

/**
 * Told of the bridge's call, and of the calls of the channels on it, any of which may be what is recorded: they meet who
 * comes, and who comes meets them.
 */
function moved(type: string, bridge: Incoming, participant: string, time: Time): readonly CallNotice[] {
  const bridgeId = textAt(bridge, 'id');
  if (bridgeId === undefined) return [];
  const joined = type === 'ChannelEnteredBridge';
  const others = textsAt(bridge, 'channels').filter((other) => other !== participant);
  const meetings: readonly (readonly [call: CallRef, whom: string])[] = [
    [asteriskBridge(bridgeId), participant],
    ...others.map((other) => [asteriskChannel(other), participant] as const),
    ...others.map((other) => [asteriskChannel(participant), other] as const),
  ];
  return meetings.map(([call, whom]) => ({
    type: joined ? 'call.participant-joined' : 'call.participant-left',
    // One may come and go several times, so the time belongs to it.
    noticeId: idOf(joined ? 'joined' : 'left', call.key, whom, time.at ?? ''),
    call,
    participant: whom,
    ...time,
  }));
}

/** The same for every telling of one event. */
function idOf(...parts: readonly string[]): string {
  return `asterisk/${parts.map(encodeURIComponent).join('/')}`;
}
