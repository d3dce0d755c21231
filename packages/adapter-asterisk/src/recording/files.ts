import { type CallRef, OnRecordError, type Output, type PartTarget, type Track } from '@onrecord/core';
import { type Target, targetOf } from '../call-ref.ts';
import { labelOf, participantOf, takeOf } from '../names/label.ts';

/** One file of a part and what it is taken from. All files of Asterisk have one channel. */
export interface FilePlan {
  readonly label: string;
  readonly source:
    | { readonly kind: 'bridge'; readonly id: string }
    | { readonly kind: 'snoop'; readonly channel: string; readonly spy: 'in' | 'out' | 'both' };
}

/**
 * The files of a layout that has the same ones whoever is on the call; undefined for `per-participant`.
 * @throws OnRecordError `invalid-request` where a bridge does not say whose side is meant.
 */
export function fixedFiles({ call, output }: Pick<PartTarget, 'call' | 'output'>): readonly FilePlan[] | undefined {
  const target = targetOf(call);
  switch (output.layout) {
    case 'mixed':
      return [mixed(target)];
    case 'separate':
      return [side(target, 'in', output), side(target, 'out', output)];
    case 'incoming':
      return [side(target, 'in', output)];
    case 'outgoing':
      return [side(target, 'out', output)];
    default:
      return undefined;
  }
}

/** A file of one participant: what comes from his channel. Whoever comes back to the call gets a further one. */
export function participantFile(channel: string, take = 1): FilePlan {
  return { label: takeOf(labelOf(channel), take), source: { kind: 'snoop', channel, spy: 'in' } };
}

function mixed(target: Target): FilePlan {
  if (target.kind === 'bridge') return { label: 'mixed', source: { kind: 'bridge', id: target.id } };
  return { label: 'mixed', source: { kind: 'snoop', channel: target.id, spy: 'both' } };
}

function side(target: Target, spy: 'in' | 'out', { layout }: Output): FilePlan {
  const channel = target.kind === 'channel' ? target.id : target.reference;
  if (channel !== undefined) return { label: spy, source: { kind: 'snoop', channel, spy } };
  throw new OnRecordError(
    'invalid-request',
    `The layout ${layout} is relative to one leg, and this bridge names none.`,
    {
      remedy: 'Make the call with asteriskBridge(bridge, { reference: channel }), or record asteriskChannel(channel).',
    },
  );
}

/** Whose voice a file holds. */
export function trackOf(call: CallRef, label: string, offsetMs: number): Track {
  const common = { relativeTo: call.key, offsetMs };
  if (label === 'mixed') return { from: 'everyone', ...common, prompts: 'included' };
  if (label === 'out') return { from: 'everyone-else', ...common, prompts: 'included' };
  const target = targetOf(call);
  const leg = target.kind === 'channel' ? target.id : target.reference;
  const participant = label === 'in' ? leg : participantOf(label);
  return { from: 'participant', ...(participant === undefined ? {} : { participant }), ...common, prompts: 'absent' };
}

/** `track` where a part has several files that belong together. */
export function roleOf({ layout }: Output): 'master' | 'track' {
  return layout === 'separate' || layout === 'per-participant' ? 'track' : 'master';
}
