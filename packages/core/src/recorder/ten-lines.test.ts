import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('./testing/ten-lines.ts', import.meta.url));

test('the shortest program records, archives, and ends by itself', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@onrecord/source', program]);
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'completed',
    artifacts: expect.arrayContaining([['master', 'stored']]),
  });
});
