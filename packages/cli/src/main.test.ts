import { expect, test } from 'vitest';
import { runCommand } from './testing/run-command.ts';

test('help is asked for, and shown, without a failure', async () => {
  const { code, out, err } = await runCommand(['--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/policies[\s\S]*doctor[\s\S]*simulate/);
});

test('every command explains itself', async () => {
  for (const command of ['policies', 'doctor', 'simulate']) {
    const { code, out } = await runCommand([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`onrecord ${command}`);
  }
});

test('a misspelt command is told apart from a failure, with what was meant', async () => {
  const { code, out, err } = await runCommand(['simualte']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('Did you mean simulate?');
});

test('an unknown option is refused before anything is done', async () => {
  const { code, err } = await runCommand(['simulate', '--prot', '0']);
  expect(code).toBe(2);
  expect(err).toContain("unknown option '--prot'");
});

test('the version is that of the package', async () => {
  expect((await runCommand(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
