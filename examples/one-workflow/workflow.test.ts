import { readdirSync, readFileSync } from 'node:fs';
import { readWav } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { providerNames } from './cloud/providers.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const imports = (text: string) => [...text.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
const words = /azure|chime|asterisk|amazon|microsoft|\bsma\b/i;

test('the workflow imports the core alone and names no provider', () => {
  expect(imports(read('./workflow.ts'))).toEqual(['@onrecord/core']);
  expect(read('./workflow.ts')).not.toMatch(words);
});

test.each(['web', 'worker', 'commands', 'sessions', 'listen', 'parent'])(
  'the %s of the application names no provider',
  (name) => {
    expect(read(`./app/${name}.ts`)).not.toMatch(words);
  },
);

test('every provider has a configuration, and the configurations differ in nothing but the provider', () => {
  expect(readdirSync(new URL('./configs/', import.meta.url)).sort()).toEqual(
    providerNames.map((name) => `${name}.yaml`).sort(),
  );
  const common = providerNames.map((name) =>
    read(`./configs/${name}.yaml`)
      .split('\n')
      .filter((line) => /^(store|archive|deployment):/.test(line)),
  );
  expect(common[0]).toHaveLength(3);
  for (const lines of common) expect(lines).toEqual(common[0]);
});

test('the sound of a provider that speaks no text is for what the workflow announces, word for word', () => {
  const text = /announce\(\{ text: '([^']+)' \}\)/.exec(read('./workflow.ts'))?.[1];
  expect(text).toBe('This call is recorded.');
  expect(read('./configs/asterisk.yaml')).toContain(`sounds: { "${text}": `);
  expect(read('../../tools/make-speech.ts')).toContain(`speak('notice', '${text}')`);
  const { sampleRate, channels } = readWav(readFileSync(new URL('./speech/notice.wav', import.meta.url)));
  expect({ sampleRate, channels: channels.length }).toEqual({ sampleRate: 8_000, channels: 1 });
});
