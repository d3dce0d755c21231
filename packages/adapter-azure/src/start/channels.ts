import { type Layout, unknownMembers } from '@onrecord/core';
import type { Problem } from '../config/problem.ts';
import { isObject } from '../json-reader.ts';
import { type Participant, readParticipant } from '../participant.ts';

/** Channels of an unmixed recording. What becomes of a sixth voice is not documented. */
const channelLimit = 5;

/** One participant's channel, 0 to 4. */
export interface ChannelPin {
  readonly channel: number;
  readonly participant: Participant;
}

/** Ways to give participants channels; at most one at a time, since nothing says which of two would win. */
export const channelOptions = ['reference', 'channels', 'channelAffinity', 'audioChannelParticipantOrdering'] as const;

export type ChannelOption = (typeof channelOptions)[number];

/** Who is to be on which channel, and by which option. */
export interface ChannelWish {
  readonly by: ChannelOption;
  readonly pins: readonly ChannelPin[];
}

/** Reads one of the options; whatever does not hold is a problem. */
export function readChannels(by: ChannelOption, given: unknown, path: string, problems: Problem[]): ChannelWish {
  if (by === 'reference') {
    const participant = readParticipant(given, path, problems);
    return { by, pins: participant ? [{ channel: 0, participant }] : [] };
  }
  if (!Array.isArray(given) || given.length === 0 || given.length > channelLimit) {
    const what = by === 'channelAffinity' ? 'entries { channel, targetParticipant }' : 'different participants';
    problems.push({ path, message: `Must be a list of one to ${channelLimit} ${what}.` });
    return { by, pins: [] };
  }
  const pins = (given as readonly unknown[]).flatMap((entry, index) => {
    const at = `${path}.${index}`;
    if (by === 'channelAffinity') return readAffinity(entry, at, problems);
    const participant = readParticipant(entry, at, problems);
    return participant ? [{ channel: index, participant }] : [];
  });
  checkDifferent(pins, path, problems);
  return { by, pins };
}

/** What a layout has to say to it. `named` is where the wish stands, e.g. `providerOptions.channels`. */
export function checkLayout(by: ChannelOption, layout: Layout, named: string, problems: Problem[]): void {
  if (layout === 'mixed') {
    problems.push({ path: named, message: 'Belongs to separate voices, not to a mixed recording.' });
  } else if (by === 'reference' && layout !== 'separate') {
    problems.push({ path: named, message: 'Belongs to the layout separate; give channels.' });
  }
}

function readAffinity(entry: unknown, path: string, problems: Problem[]): readonly ChannelPin[] {
  if (!isObject(entry)) {
    problems.push({ path, message: 'Must be an object with channel, targetParticipant.' });
    return [];
  }
  if ('participant' in entry) {
    problems.push({ path: `${path}.participant`, message: 'There is no such option; did you mean targetParticipant?' });
  }
  const { participant: _told, ...rest } = entry;
  problems.push(...unknownMembers(rest, ['channel', 'targetParticipant'], path));
  const { channel, targetParticipant } = entry;
  const isChannel = typeof channel === 'number' && Number.isInteger(channel) && channel >= 0 && channel < channelLimit;
  if (!isChannel) {
    problems.push({ path: `${path}.channel`, message: `Must be a whole number from 0 to ${channelLimit - 1}.` });
  }
  if (targetParticipant === undefined) {
    if (!('participant' in entry)) problems.push({ path: `${path}.targetParticipant`, message: 'Missing.' });
    return [];
  }
  const participant = readParticipant(targetParticipant, `${path}.targetParticipant`, problems);
  return participant && isChannel ? [{ channel, participant }] : [];
}

function checkDifferent(pins: readonly ChannelPin[], path: string, problems: Problem[]): void {
  const people = new Set(pins.map(({ participant }) => participant.rawId));
  if (people.size < pins.length)
    problems.push({ path, message: 'Must be different participants: one is named twice.' });
  const channels = new Set(pins.map(({ channel }) => channel));
  if (channels.size < pins.length) problems.push({ path, message: 'Must be different channels: one is given twice.' });
}
