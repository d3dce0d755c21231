import type { Capabilities, DriverLacks } from '@onrecord/core';

/** What `rooms: 'attempt'` overrules. */
export const whyNoRoom: string =
  'The API description says of roomId "Not supported for Start Recording", and rooms retire on 30 September 2028. ' +
  'Record its call by serverCallId (azureServerCall) or by a leg of yours (connectCall); ' +
  "rooms: 'attempt' in the options of the provider sends the start all the same.";

interface RoomConfig {
  readonly profile: string;
  readonly rooms: 'refuse' | 'attempt';
}

/** Calls in rooms are offered only where their starts are to be attempted. */
export function withRooms(offered: Capabilities, { rooms }: RoomConfig): Capabilities {
  return rooms === 'attempt' ? { ...offered, calls: [...offered.calls, 'azure.room'] } : offered;
}

/** Adds the reason why a room is not offered; under Teams Phone there are none. */
export function lacksRooms(lacks: DriverLacks | undefined, { profile }: RoomConfig): DriverLacks | undefined {
  if (profile !== 'acs-standalone') return lacks;
  return {
    ...lacks,
    start: (wish) => ('call' in wish && wish.call === 'azure.room' ? whyNoRoom : lacks?.start?.(wish)),
  };
}
