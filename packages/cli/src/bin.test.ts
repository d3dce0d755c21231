import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('whoever stops reading, as head does, ends the command without a word', async () => {
  const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));
  const argv = ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning', bin];
  const child = spawn(process.execPath, [...argv, 'policies', 'service-linked-roles'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  child.stdout.destroy();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  await once(child, 'close');
  expect(errors).toBe('');
});
