import { children, path } from './mp4-boxes.ts';

interface Track {
  /** Units of time in a second. */
  readonly timescale: number;
  /** Of a sample for which nothing else is said. */
  readonly sampleDuration: number;
  /** Where its earliest fragment begins, in units; infinite before there is one. */
  begin: number;
  /** Where its last fragment ends, in units. */
  end: number;
}

/**
 * How far the fragments of a fragmented file reach: its index names no duration. Only sums are kept, so that a file of
 * any length needs the memory of one fragment's index.
 */
export class FragmentTimes {
  readonly #tracks = new Map<number, Track>();

  /** @param moov the index of the file, without its header. */
  constructor(moov: Uint8Array) {
    const defaults = new Map(
      children(path(moov, 'mvex') ?? new Uint8Array(0), 'trex').map((trex) => [number(trex, 4), number(trex, 12)]),
    );
    for (const trak of children(moov, 'trak')) {
      const tkhd = path(trak, 'tkhd');
      const mdhd = path(trak, 'mdia', 'mdhd');
      if (!tkhd || !mdhd) continue;
      const id = number(tkhd, tkhd[0] === 1 ? 20 : 12);
      const timescale = number(mdhd, mdhd[0] === 1 ? 20 : 12);
      if (timescale > 0)
        this.#tracks.set(id, { timescale, sampleDuration: defaults.get(id) ?? 0, begin: Infinity, end: 0 });
    }
  }

  /** @param moof the index of one fragment, without its header. */
  add(moof: Uint8Array): void {
    for (const traf of children(moof, 'traf')) {
      const tfhd = path(traf, 'tfhd');
      const track = tfhd && this.#tracks.get(number(tfhd, 4));
      if (!tfhd || !track) continue;
      const tfdt = path(traf, 'tfdt');
      const begins = tfdt && (tfdt[0] === 1 ? number(tfdt, 4) * 2 ** 32 + number(tfdt, 8) : number(tfdt, 4));
      const usual = defaultDuration(tfhd) ?? track.sampleDuration;
      const lasts = children(traf, 'trun').reduce((sum, trun) => sum + durationOf(trun, usual), 0);
      track.begin = Math.min(track.begin, begins ?? track.end);
      track.end = Math.max(track.end, (begins ?? track.end) + lasts);
    }
  }

  /**
   * In milliseconds, from where the earliest track begins to where the longest one ends: pieces of a longer recording go
   * on counting. Undefined when there was no fragment.
   *
   * @param from where the media before the first fragment begins, in milliseconds; default: there is none.
   */
  durationMs(from?: number): number | undefined {
    const tracks = [...this.#tracks.values()].filter(({ begin, end }) => end > begin);
    if (tracks.length === 0) return undefined;
    const begin = Math.min(...tracks.map((track) => (track.begin * 1_000) / track.timescale));
    const end = Math.max(...tracks.map((track) => (track.end * 1_000) / track.timescale));
    return Math.round(end - (from ?? begin));
  }
}

/** Of `tfhd` (8.8.7): what stands before it is optional as well. */
function defaultDuration(tfhd: Uint8Array): number | undefined {
  const flags = number(tfhd, 0);
  if ((flags & 0x08) === 0) return undefined;
  return number(tfhd, 8 + ((flags & 0x01) === 0 ? 0 : 8) + ((flags & 0x02) === 0 ? 0 : 4));
}

/** Of `trun` (8.8.8): the durations of its samples, each of its own where the flags say so. */
function durationOf(trun: Uint8Array, usual: number): number {
  const flags = number(trun, 0);
  const samples = number(trun, 4);
  if ((flags & 0x100) === 0) return samples * usual;
  const members = [0x100, 0x200, 0x400, 0x800].filter((flag) => (flags & flag) !== 0).length;
  let at = 8 + ((flags & 0x01) === 0 ? 0 : 4) + ((flags & 0x04) === 0 ? 0 : 4);
  let sum = 0;
  for (let index = 0; index < samples && at + 4 <= trun.length; index++, at += members * 4) sum += number(trun, at);
  return sum;
}

/** A number of 32 bits; 0 where the box ends before it. */
function number(box: Uint8Array, offset: number): number {
  if (offset + 4 > box.length) return 0;
  return new DataView(box.buffer, box.byteOffset, box.byteLength).getUint32(offset);
}
