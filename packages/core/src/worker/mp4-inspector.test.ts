import { expect, test } from 'vitest';
import { Mp4Inspector } from './mp4-inspector.ts';

const box = (type: string, body: Uint8Array) => {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
};

/** A file whose movie header has this version and this many bytes: a second, in units of a millisecond. */
function facts(version: 0 | 1, length: number) {
  const header = Buffer.alloc(32);
  header[0] = version;
  header.writeUInt32BE(1_000, version === 1 ? 20 : 12);
  header.writeUInt32BE(1_000, version === 1 ? 28 : 16);
  const inspector = new Mp4Inspector();
  inspector.push(box('ftyp', Buffer.from('isom')));
  inspector.push(box('moov', box('mvhd', header.subarray(0, length))));
  return inspector.end();
}

test.each([
  [0, 20],
  [1, 32],
] as const)('a movie header of version %i needs %i bytes to name a duration', (version, least) => {
  expect(facts(version, least).durationMs).toBe(1_000);
  for (let length = 0; length < least; length++) {
    // Of an empty one not even the version is known.
    if (length === 0 && version === 1) continue;
    const damaged = expect.objectContaining({ code: 'integrity-failed', message: expect.stringContaining('mvhd') });
    expect(() => facts(version, length), String(length)).toThrow(damaged);
  }
});
