import { VOICE_RATE } from '../../call/virtual-call.ts';
import { encodeMp4Audio, encodeMp4Repeated, encodeMp4Video } from '../../media/index.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';

/** Files by length and kind, made once for all pipelines of the process. */
const repeated = new Map<string, Promise<Uint8Array>>();

/** The voices of a meeting between two times as MP4; undefined for no time at all. */
export async function voices(
  meeting: SimulatedMeeting,
  span: { readonly from: number; readonly to: number },
  picture: boolean,
  { media }: ResolvedPipelineOptions,
): Promise<Uint8Array | undefined> {
  if (media === 'repeated') {
    return span.to > span.from ? sameAgain((span.to - span.from) / 1000, { sound: true, picture }) : undefined;
  }
  const samples = meeting.call.render(meeting.voices, span.from, span.to);
  return samples.length === 0 ? undefined : encodeMp4Audio(samples, VOICE_RATE, { picture });
}

/** The picture of one camera or share, without sound. */
export async function camera(
  span: { readonly from: number; readonly to: number },
  { media }: ResolvedPipelineOptions,
): Promise<Uint8Array> {
  const seconds = (span.to - span.from) / 1000;
  return media === 'repeated' ? sameAgain(seconds, { sound: false, picture: true }) : encodeMp4Video(seconds);
}

function sameAgain(seconds: number, kind: { readonly sound: boolean; readonly picture: boolean }): Promise<Uint8Array> {
  const name = `${seconds} ${kind.sound} ${kind.picture}`;
  const made = repeated.get(name) ?? encodeMp4Repeated(seconds, kind);
  repeated.set(name, made);
  return made;
}
