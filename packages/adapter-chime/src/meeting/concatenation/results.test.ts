import { describe, expect, test } from 'vitest';
import { formatChunkKey } from '../chunks/chunk-key.ts';
import type { ChunkSource } from '../chunks/chunk-source.ts';
import { takeInventory } from '../chunks/inventory.ts';
import { resultKey, sideFiles } from '../map-concatenation.ts';
import { listJoined } from './results.ts';

const ann = '6869080f-d028-d9ae-c015-38882089c696';
const bob = '1e6bf4f5-0000-4000-8000-38882089c697';
const id = '1a0ce85f-5ea0-4fef-accd-77e6f9cd1b61';
const began = Date.UTC(2026, 0, 5, 9);
const signal = new AbortController().signal;
const call = { kind: 'chime.meeting', provider: 'main', key: 'meeting', data: { meetingId: 'meeting' } } as const;

function listing(keys: readonly string[]): ChunkSource {
  return {
    async *list(prefix) {
      for (const key of keys.toSorted()) if (key.startsWith(prefix)) yield { key, bytes: 10 };
    },
    open: async () => new Uint8Array(0),
  };
}

const chunks = [
  formatChunkKey({ stream: 'audio', startMs: began }),
  formatChunkKey({ stream: 'video', startMs: began + 20_000, attendeeId: ann }),
  formatChunkKey({ stream: 'content', startMs: began + 30_000, attendeeId: bob }),
].map((key) => `m/p1/${key}`);

async function joined(names: readonly string[]) {
  const source = listing([...chunks, ...names.map((name) => `m/p1/concat/${name}`)]);
  const options = { signal, chunkMs: 5_000, gapToleranceMs: 1_000, except: 'concat' };
  const inventory = await takeInventory(source, 'm/p1', options);
  const attendees = inventory.streams.flatMap(({ attendeeId }) => attendeeId ?? []);
  const files = await listJoined(source, 'm/p1/concat', attendees, signal);
  return {
    files,
    side: sideFiles(
      { call },
      files,
      files.find(({ kind }) => kind === 'audio'),
      inventory,
      'recordings',
    ),
  };
}

describe('the files of a concatenation', () => {
  test.each([
    ['pipeline, attendee', `${id}-${ann}.mp4`, `${id}-${bob}#content.mp4`],
    ['attendee, pipeline', `${ann}-${id}.mp4`, `${bob}#content-${id}.mp4`],
    ['attendee', `${ann}.mp4`, `${bob}#content.mp4`],
  ])('of cameras and shares are tracks of their attendee, however they are called: %s', async (_, camera, share) => {
    const { side } = await joined([`audio/${id}.mp4`, `video/${camera}`, `video/${share}`]);
    const tracks = side.flatMap(({ role, tracks: [track] = [] }) => (role === 'track' ? [track] : []));
    expect(tracks.toSorted((left, right) => left!.offsetMs - right!.offsetMs)).toEqual([
      { from: 'participant', participant: ann, relativeTo: 'meeting', offsetMs: 20_000, prompts: 'absent' },
      { from: 'participant', participant: bob, relativeTo: 'meeting', offsetMs: 30_000, prompts: 'absent' },
    ]);
  });

  test('of nobody who is known are listed and never taken for somebody', async () => {
    const { side } = await joined([`video/${id}-somebody.mp4`, `thumbnails/${id}.png`, `audio/${id}.mp4`]);
    expect(side.map(({ role, tracks, uri }) => [role, tracks, uri.split('/').at(-1)])).toEqual([
      ['metadata', undefined, `${id}.png`],
      ['derived', undefined, `${id}-somebody.mp4`],
    ]);
  });

  test('of texts are metadata; of the voices beside a grid, derived', async () => {
    const { side, files } = await joined([`meeting-events/${id}.txt`, `composited-video/${id}.mp4`]);
    expect(files.map(({ kind }) => kind)).toEqual(['composited-video', 'text']);
    expect(side.map(({ role }) => role)).toEqual(['derived', 'metadata']);
  });

  test('lie below the prefix of the destination, and without a prefix below the id of the pipeline', () => {
    expect(resultKey('m/p1/concat', id, 'audio')).toBe(`m/p1/concat/audio/${id}.mp4`);
    expect(resultKey('m/p1/concat', id, 'meeting-events')).toBe(`m/p1/concat/meeting-events/${id}.txt`);
    expect(resultKey('', id, 'composited-video')).toBe(`${id}/composited-video/${id}.mp4`);
  });
});
