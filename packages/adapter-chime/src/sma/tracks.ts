import type { Output, Track } from '@onrecord/core';

/**
 * Which voice lies where, seen from the leg: incoming is the participant, outgoing all they hear. Whether the
 * announcements of the application are in it follows from that for `outgoing`, but no document states it.
 */
export function tracksOf(output: Output, callKey: string): readonly Track[] {
  const participant: Track = { from: 'participant', relativeTo: callKey, offsetMs: 0, prompts: 'absent' };
  const others: Track = { from: 'everyone-else', relativeTo: callKey, offsetMs: 0, prompts: 'unknown' };
  switch (output.layout) {
    case 'incoming':
      return [participant];
    case 'outgoing':
      return [others];
    default:
      return [
        { ...participant, channel: 0 },
        { ...others, channel: 1 },
      ];
  }
}
