import { BufferSource, Input, MP4 } from 'mediabunny';

/** How long an MP4 file plays, in seconds; undefined for anything that is no MP4 file, such as an empty one. */
export async function mp4Duration(bytes: Uint8Array): Promise<number | undefined> {
  using input = new Input({ formats: [MP4], source: new BufferSource(bytes) });
  try {
    return await input.computeDuration();
  } catch {
    return undefined;
  }
}
