import { silence } from '../../call/virtual-call.ts';
import type { AzureBehaviour } from '../behaviour.ts';
import type { RecordedCall } from '../call/recorded-call.ts';
import type { ChannelSource } from '../media/captured-audio.ts';
import { type Span, sampleAt, wallAt } from '../media/span.ts';
import type { RecordingOrder } from './recording-order.ts';

/** Channels of an unmixed file at most. */
const CHANNEL_LIMIT = 5;

/** Louder than this is speech: about −50 dBFS. */
const AUDIBLE = 100;

/** Voice samples looked at together when searching for the first sound: a second. */
const SCAN_SAMPLES = 8_000;

/** Somebody who was in the call while it was recorded. */
export interface RecordedParticipant {
  readonly rawId: string;
  /** Of the unmixed file; undefined when mixed, never heard, or heard when all five channels were taken. */
  readonly channel: number | undefined;
}

export interface ChannelPlan {
  readonly participants: readonly RecordedParticipant[];
  readonly channels: readonly ChannelSource[];
}

interface Voice {
  readonly rawId: string;
  readonly names: readonly string[];
}

/** Which voices go to which channel of a recording, from what was asked for and who was heard first. */
export function channelPlan(
  call: RecordedCall,
  spans: readonly Span[],
  order: RecordingOrder,
  options: Pick<AzureBehaviour, 'promptsInMixed' | 'unmixedChannels' | 'extraVoices'>,
): ChannelPlan {
  const voices = voicesIn(call, spans);
  if (order.channels === 'mixed') {
    const names = voices.flatMap((voice) => voice.names);
    return {
      participants: voices.map(({ rawId }) => ({ rawId, channel: undefined })),
      channels: [{ names, overlays: options.promptsInMixed ? call.overlays : [] }],
    };
  }
  const assigned = assignedChannels(call, spans, order, voices, options.extraVoices);
  const last = options.unmixedChannels === 'five' ? CHANNEL_LIMIT - 1 : Math.max(0, ...assigned.values());
  return {
    participants: voices.map(({ rawId }) => ({ rawId, channel: assigned.get(rawId) })),
    channels: Array.from({ length: last + 1 }, (_, channel) => ({
      names: voices.filter(({ rawId }) => assigned.get(rawId) === channel).flatMap((voice) => voice.names),
      overlays: [],
    })),
  };
}

/** Who was in the call during `spans`, in the order of joining; who came twice counts once. */
function voicesIn(call: RecordedCall, spans: readonly Span[]): readonly Voice[] {
  const voices = new Map<string, Set<string>>();
  for (const { name, address, joinedAt, leftAt } of call.call.participants) {
    const begin = sampleAt(call.call, joinedAt);
    const end = leftAt === undefined ? Number.POSITIVE_INFINITY : sampleAt(call.call, leftAt);
    if (!spans.some((span) => begin < span.end && end > span.begin)) continue;
    const rawId = call.rawIdOf(address);
    voices.set(rawId, (voices.get(rawId) ?? new Set()).add(name));
  }
  return [...voices].map(([rawId, names]) => ({ rawId, names: [...names] }));
}

/** Pinned channels first, then the given order, then who was heard first, while channels are left; see `extraVoices`. */
function assignedChannels(
  call: RecordedCall,
  spans: readonly Span[],
  order: RecordingOrder,
  voices: readonly Voice[],
  extraVoices: AzureBehaviour['extraVoices'],
): ReadonlyMap<string, number> {
  const assigned = new Map<string, number>();
  for (const { rawId, channel } of order.affinity) if (channel !== undefined) assigned.set(rawId, channel);
  const heard = voices
    .map((voice) => ({ voice, at: firstSound(call, spans, voice.names) }))
    .filter(({ at }) => at !== undefined)
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  for (const rawId of [...order.ordering, ...heard.map(({ voice }) => voice.rawId)]) {
    if (assigned.has(rawId)) continue;
    const taken = new Set(assigned.values());
    const free = [0, 1, 2, 3, 4].find((channel) => !taken.has(channel));
    if (free !== undefined) assigned.set(rawId, free);
    else if (extraVoices === 'on-last-channel') assigned.set(rawId, CHANNEL_LIMIT - 1);
  }
  return assigned;
}

/** The first sample at which one of `names` is audible in `spans`. */
function firstSound(call: RecordedCall, spans: readonly Span[], names: readonly string[]): number | undefined {
  // Who never says anything is not listened to for hours.
  if (!call.call.participants.some(({ name, source }) => names.includes(name) && source !== silence)) return undefined;
  for (const span of spans) {
    for (let from = span.begin; from < span.end; from += SCAN_SAMPLES) {
      const to = Math.min(span.end, from + SCAN_SAMPLES);
      const samples = call.call.render(names, wallAt(call.call, from), wallAt(call.call, to));
      const index = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
      if (index >= 0) return from + index;
    }
  }
  return undefined;
}
