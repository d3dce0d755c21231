import { OnRecordError } from '../errors/index.ts';
import type { Container } from '../format/output.ts';
import { WavParser } from '../media/wav-parser.ts';
import { diagnosisOf } from '../media/wav-repair.ts';
import { Mp4Inspector } from './mp4-inspector.ts';
import { oggInspector } from './ogg-inspector.ts';

/** What a file says of itself. */
export interface MediaFacts {
  /** Of what is there, also where more should be. */
  readonly durationMs?: number | undefined;
  readonly channels?: number | undefined;
  readonly sampleRateHz?: number | undefined;
  readonly codec?: string | undefined;
  /** How it breaks off, for people; undefined for a file that is whole. */
  readonly problem?: string | undefined;
}

/** Looks at a file while it passes by. */
export interface MediaInspector {
  /** @throws OnRecordError `integrity-failed` when the file is not what it should be. */
  push(bytes: Uint8Array): void;
  /** @throws OnRecordError `integrity-failed` when the file is not what it should be. */
  end(): MediaFacts;
}

/** The inspector for a container; of one that is not understood yet only the beginning is looked at. */
export function inspectorFor(container: Container | undefined): MediaInspector {
  switch (container) {
    case 'wav':
      return recordingInspector(wavInspector());
    case 'ogg':
      return recordingInspector(oggInspector());
    case 'mp4':
      return recordingInspector(new Mp4Inspector());
    case 'mp3':
      return recordingInspector(beginningInspector(container));
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

/** Of no bytes at all it can be said that they break off; whatever else is wrong is an error of one kind. */
function recordingInspector(inspector: MediaInspector): MediaInspector {
  let bytes = 0;
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (OnRecordError.is(error, 'integrity-failed') && error.blame === 'provider') throw error;
      throw broken(error instanceof Error ? error.message : String(error), error);
    }
  };
  return {
    push(piece) {
      bytes += piece.length;
      attempt(() => inspector.push(piece));
    },
    end: () => (bytes === 0 ? { durationMs: 0, problem: 'it is empty' } : attempt(() => inspector.end())),
  };
}

function wavInspector(): MediaInspector {
  const parser = new WavParser();
  let beginning = '';
  return {
    push(bytes) {
      if (beginning.length < 4) beginning += String.fromCharCode(...bytes.subarray(0, 4 - beginning.length));
      parser.push(bytes);
    },
    end() {
      if (!parser.format && 'RIFF'.startsWith(beginning)) {
        return { durationMs: 0, problem: 'it ends before its audio begins' };
      }
      const { durationMs, channelCount, sampleRate, problem } = diagnosisOf(parser);
      return {
        durationMs: Math.round(durationMs),
        channels: channelCount,
        sampleRateHz: sampleRate,
        codec: 'pcm_s16le',
        ...(problem === undefined ? {} : { problem }),
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
      return {};
    },
  };
}
