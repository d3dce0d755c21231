import { OnRecordError } from '../errors/index.ts';
import type { Container } from '../format/output.ts';
import { WavParser } from '../media/wav-parser.ts';
import { Mp4Inspector } from './mp4-inspector.ts';

/** What a file says of itself. */
export interface MediaFacts {
  readonly durationMs?: number | undefined;
  readonly channels?: number | undefined;
  readonly sampleRateHz?: number | undefined;
}

/** Looks at a file while it passes by. */
export interface MediaInspector {
  push(bytes: Uint8Array): void;
  /** @throws OnRecordError `integrity-failed` when the file is empty, broken off or not what it should be. */
  end(): MediaFacts;
}

/** The inspector for a container; of one that is not understood yet only the beginning is looked at. */
export function inspectorFor(container: Container | undefined): MediaInspector {
  switch (container) {
    case 'wav':
      return wavInspector();
    case 'mp4':
      return new Mp4Inspector();
    default:
      return beginningInspector(container);
  }
}

function broken(reason: string, cause?: unknown): OnRecordError {
  return new OnRecordError('integrity-failed', `The recording is not sound: ${reason}.`, {
    retry: 'safe',
    blame: 'provider',
    ...(cause === undefined ? {} : { cause }),
  });
}

function wavInspector(): MediaInspector {
  const parser = new WavParser();
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw broken(error instanceof Error ? error.message : String(error), error);
    }
  };
  return {
    push: (bytes) => void attempt(() => parser.push(bytes)),
    end() {
      const wav = attempt(() => parser.end());
      if (wav.integrity === 'truncated') throw broken(`its WAV data breaks off after ${Math.round(wav.durationMs)} ms`);
      return {
        durationMs: Math.round(wav.durationMs),
        channels: wav.channelCount,
        sampleRateHz: wav.sampleRate,
      };
    },
  };
}

/** Bytes that are enough to tell what a file is. */
const beginningBytes = 16;

function beginningInspector(container: Container | undefined): MediaInspector {
  let beginning = '';
  let bytes = 0;
  return {
    push(piece) {
      bytes += piece.length;
      if (beginning.length >= beginningBytes) return;
      beginning += String.fromCharCode(...piece.subarray(0, beginningBytes - beginning.length));
    },
    end() {
      if (bytes === 0) throw broken('it is empty');
      // What a proxy or a store says instead of the file, with a status that promises the file.
      if (/^(\u00ef\u00bb\u00bf)?\s*<(!doctype|html|\?xml|error)/i.test(beginning)) {
        throw broken('it is a document that says something else');
      }
      if (container === 'mp3' && !/^(ID3|\u00ff[\u00e0-\u00ff])/.test(beginning)) {
        throw broken('it does not begin like an MP3 file');
      }
      if (container === 'ogg' && !beginning.startsWith('OggS')) throw broken('it does not begin like an Ogg file');
      return {};
    },
  };
}
