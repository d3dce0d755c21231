import { OggParser } from '../media/ogg-parser.ts';
import type { MediaFacts, MediaInspector } from './inspect-media.ts';

const problems = {
  truncated: 'it ends inside a page',
  unterminated: 'it has no last page, as that of a recorder that was stopped before it had finished',
} as const;

/** Reads the duration of an Ogg file from its pages as they pass, and checks each of them. */
export function oggInspector(): MediaInspector {
  const parser = new OggParser();
  return {
    push: (bytes) => parser.push(bytes),
    end(): MediaFacts {
      if (parser.beginsLikeOgg && !parser.hasHeaders) {
        return { durationMs: 0, problem: 'it ends before its audio begins' };
      }
      const { durationMs, channelCount, sampleRate, codec, integrity } = parser.end();
      return {
        durationMs: Math.round(durationMs),
        channels: channelCount,
        sampleRateHz: sampleRate,
        codec,
        ...(integrity === 'complete' ? {} : { problem: problems[integrity] }),
      };
    },
  };
}
