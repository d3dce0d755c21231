import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MediaSighting } from '../report/report.ts';
import { Scene, wav } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene[Symbol.dispose]());

const hour = 3_600_000;
const expiresAt = '2027-01-01T00:00:00.000Z';
const stream = (more: Partial<MediaSighting> = {}): MediaSighting => ({
  key: 'kvs://stream-1?from=1',
  uri: 'kvs://stream-1?from=1&to=2',
  role: 'track',
  side: true,
  expiresAt,
  ...more,
});
const tell = (id: string, more: Partial<MediaSighting> = {}) => scene.seeing(id, { media: [stream(more)] });
const side = async (id: string) => (await scene.record(id)).snapshot.artifacts.find((file) => file.side);
const told = (type: string) =>
  scene.delivered.filter((event) => event.type === `dev.onrecord.${type}.v1`).map(({ data }) => data);

describe('a side output', () => {
  test('is listed with its expiry in snapshot and manifest, and neither opened nor archived', async () => {
    const id = await scene.recording();
    await tell(id);
    await scene.ask(id, 'stop');
    await scene.ticks(scene.asking(), 1_000);
    const uri = 'https://provider.example/files/1';
    scene.provider.files.set(uri, wav(100));
    await scene.tell(id, { key: uri, uri, role: 'master', container: 'wav' });
    await scene.ticks(scene.worker(), 5_000);
    const { snapshot, transfers, expectations } = await scene.record(id);
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect(expectations).toMatchObject([{ state: 'met' }]);
    expect(await side(id)).toMatchObject({ state: 'available', role: 'track', location: stream().uri });
    expect(transfers.map(({ mediaKey }) => mediaKey)).not.toContain(stream().key);
    expect(scene.provider.requests.filter((request) => request === 'open')).toHaveLength(1);
    const described = [...(await scene.contents())].find(([key]) => key.endsWith('manifest.json'));
    const { artifacts } = JSON.parse(Buffer.from(described![1]).toString()) as { artifacts: object[] };
    expect(artifacts).toContainEqual(
      expect.objectContaining({ role: 'track', side: true, state: 'available', expiresAt }),
    );
    expect(told('artifact.available')).toContainEqual(expect.objectContaining({ expiresAt: expect.any(String) }));
  });

  test('proves nothing: a recording without its own file is missing, and then lost', async () => {
    const id = await scene.recording();
    await tell(id);
    await scene.ask(id, 'stop');
    await scene.seeing(id, { ended: true });
    await scene.ticks(scene.worker(), 5_000);
    expect((await scene.record(id)).snapshot).toMatchObject({ state: 'processing', verdict: 'pending' });
    await scene.ticks(scene.worker(), 200 * hour, 4 * hour);
    expect((await scene.record(id)).snapshot).toMatchObject({ state: 'failed', verdict: 'missing', endReason: 'lost' });
  });

  test('of a start that nobody confirmed does not say that anything was captured', async () => {
    const id = await scene.session();
    await tell(id);
    expect((await scene.record(id)).snapshot.parts[0]).not.toHaveProperty('capturing');
    expect(await scene.state(id)).toBe('requested');
  });

  test('that expires is no alarm', async () => {
    const { id } = await scene.finished(wav(100));
    await tell(id, { expiresAt: new Date(scene.clock.now() + 1_000).toISOString() });
    await scene.ticks(scene.worker(), 5_000);
    await scene.clock.advance(hour);
    await tell(id, { key: 'another', uri: 'kvs://another' });
    await scene.ticks(scene.worker(), 5_000);
    expect(await side(id)).toBeDefined();
    const { snapshot } = await scene.record(id);
    expect(snapshot.artifacts.filter((file) => file.side).map(({ state }) => state)).toContain('expired');
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
    expect(told('artifact.missing')).toEqual([]);
    expect(scene.log).toEqual([]);
  });
});
