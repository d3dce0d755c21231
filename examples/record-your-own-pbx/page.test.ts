import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContainer, OnRecordToken } from '@onrecord/core/inversify';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/record-your-own-pbx.md', import.meta.url), 'utf8');

test('the configuration of the page makes a recorder that announces texts; page.asterisk.ts runs the rest of it', async () => {
  const yaml = /^```yaml\n([\s\S]*?)^```/m.exec(page)?.[1] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'onrecord-page-'));
  const config = join(folder, 'onrecord.config.yaml');
  await writeFile(config, yaml.replace('sessions.db', join(folder, 'sessions.db')).replace('recordings', folder));
  const container = await createContainer(config, {
    environment: { ARI_PASSWORD: 'a-long-random-password' },
    worker: false,
  });
  const { recorder } = await container.getAsync(OnRecordToken);
  expect(recorder.report()).toMatchObject({ instance: 'pbx', driver: 'asterisk' });
  expect(recorder.capabilities.announce).toMatchObject({ sources: ['text', 'file'] });
  await container.unbindAllAsync();
  await rm(folder, { recursive: true });
});
