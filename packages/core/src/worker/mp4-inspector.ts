import { OnRecordError } from '../errors/index.ts';
import type { MediaFacts, MediaInspector } from './inspect-media.ts';
import { children, path, text } from './mp4-boxes.ts';
import { FragmentTimes } from './mp4-fragments.ts';

/** A `moov` box larger than this is not kept: the duration stays unknown. Hours of audio need well under a mebibyte. */
const longestMoov = 32 * 1024 * 1024;

/**
 * Walks the top-level boxes of an ISO base media file (ISO/IEC 14496-12) as they pass and reads the duration from
 * `moov/mvhd`, of a fragmented file from its fragments (`moof`), and the channels from the first audio sample entry.
 * Media data is not kept.
 */
export class Mp4Inspector implements MediaInspector {
  #pending: Uint8Array = new Uint8Array(0);
  #skip = 0;
  #endless = false;
  #boxes = 0;
  #moov: Uint8Array | undefined;
  #fragments: FragmentTimes | undefined;
  #first = '';

  push(bytes: Uint8Array): void {
    if (this.#endless) return;
    let rest = bytes;
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, rest.length);
      this.#skip -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) return;
    }
    if (this.#pending.length > 0) {
      const joined = new Uint8Array(this.#pending.length + rest.length);
      joined.set(this.#pending);
      joined.set(rest, this.#pending.length);
      rest = joined;
    }
    this.#pending = this.#walk(rest).slice();
  }

  end(): MediaFacts {
    if (this.#boxes === 0 && this.#pending.length === 0) throw broken('it is empty');
    if (this.#first !== 'ftyp') throw broken('it does not begin like an MP4 file');
    // Like other files that break off: judged by time or by the provider's word, and then archived as they came.
    const problem = this.#skip > 0 || this.#pending.length > 0 ? 'it breaks off inside a box' : undefined;
    if (!this.#moov) return { problem: problem ?? 'it has no index (moov), so no player can open it' };
    const facts = { ...factsOf(this.#moov), ...(problem === undefined ? {} : { problem }) };
    const fragmentsMs = this.#fragments?.durationMs(facts.durationMs ? 0 : undefined);
    return fragmentsMs === undefined ? facts : { ...facts, durationMs: Math.max(facts.durationMs ?? 0, fragmentsMs) };
  }

  /** Consumes whole headers and kept boxes; returns what is not complete yet. */
  #walk(bytes: Uint8Array): Uint8Array {
    let rest = bytes;
    while (rest.length >= 8) {
      const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
      const type = text(rest, 4);
      let size = view.getUint32(0);
      let header = 8;
      if (size === 1) {
        if (rest.length < 16) return rest;
        size = Number(view.getBigUint64(8));
        header = 16;
      }
      if (this.#boxes === 0) {
        this.#first = type;
        if (type !== 'ftyp') throw broken('it does not begin like an MP4 file');
      }
      if (size === 0) {
        this.#boxes += 1;
        this.#endless = true;
        return new Uint8Array(0);
      }
      if (size < header) throw broken(`its ${type} box claims ${size} bytes`);
      if (type === 'moov' && size <= longestMoov) {
        if (rest.length < size) return rest;
        this.#moov = rest.slice(header, size);
        this.#fragments = new FragmentTimes(this.#moov);
      }
      if (type === 'moof' && size <= longestMoov) {
        if (rest.length < size) return rest;
        this.#fragments?.add(rest.subarray(header, size));
      }
      this.#boxes += 1;
      if (rest.length < size) {
        this.#skip = size - rest.length;
        return new Uint8Array(0);
      }
      rest = rest.subarray(size);
    }
    return rest;
  }
}

function factsOf(moov: Uint8Array): MediaFacts {
  const [mvhd] = children(moov, 'mvhd');
  const facts: { durationMs?: number; channels?: number; sampleRateHz?: number } = {};
  if (mvhd) {
    const view = new DataView(mvhd.buffer, mvhd.byteOffset, mvhd.byteLength);
    const wide = mvhd[0] === 1;
    if (mvhd.length < (wide ? 32 : 20)) throw broken(`its mvhd box ends after ${mvhd.length} bytes`);
    const scale = view.getUint32(wide ? 20 : 12);
    const duration = wide ? Number(view.getBigInt64(24)) : view.getInt32(16) === -1 ? -1 : view.getUint32(16);
    // All ones say that it is not known.
    if (scale > 0 && duration >= 0) facts.durationMs = Math.round((duration * 1000) / scale);
  }
  for (const trak of children(moov, 'trak')) {
    const minf = path(trak, 'mdia', 'minf');
    const stsd = minf && path(minf, 'smhd') ? path(minf, 'stbl', 'stsd') : undefined;
    if (!stsd || stsd.length < 8 + 8 + 28) continue;
    const view = new DataView(stsd.buffer, stsd.byteOffset, stsd.byteLength);
    facts.channels = view.getUint16(8 + 8 + 16);
    facts.sampleRateHz = view.getUint32(8 + 8 + 24) >>> 16;
    break;
  }
  return facts;
}

function broken(reason: string): OnRecordError {
  return new OnRecordError('integrity-failed', `The recording is not sound: ${reason}.`, {
    retry: 'safe',
    blame: 'provider',
  });
}
