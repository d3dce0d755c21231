import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, readBody } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { startCommand } from '../testing/run-command.ts';

const ports = ['--chime-port', '--s3-port', '--azure-port', '--azure-http-port', '--port'];
const handler = `export const handler = async () => ({ SchemaVersion: '1.0', Actions: [] });`;

/** Rows of the README that show a provider, a body that places a call, the names of the ids it is answered with, and what it needs not have. */
async function documented(): Promise<readonly Row[]> {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const names = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  return [...text.matchAll(/^\| `(\S+)` \| `(\{.*?\})` \| (.*?) \| (.*?) \|$/gm)].map(
    ([, provider = '', body = '', ids = '', omissible = '']) => ({
      provider,
      body,
      ids: names(ids),
      omissible: names(omissible),
    }),
  );
}

interface Row {
  readonly provider: string;
  readonly body: string;
  readonly ids: readonly string[];
  readonly omissible: readonly string[];
}

test('the README shows a body of POST /calls for each provider, what it may leave out, and the ids that it is answered with', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onrecord-readme-'));
  await writeFile(join(folder, 'handler.mjs'), handler);
  const app = await listen(async (request, response) => {
    await readBody(request);
    response.writeHead(200).end();
  });
  const free = ports.flatMap((name) => [name, '0']);
  const run = startCommand(['simulate', '--json', '--lambda', './handler.mjs', ...free], { folder });
  try {
    const environment = JSON.parse(await run.wrote((out) => out.endsWith('\n'))) as Record<string, string>;
    const rows = await documented();
    expect(rows.map(({ provider }) => provider)).toEqual(['chime-sma', 'chime-meeting', 'azure', 'azure', 'azure']);
    for (const { provider, body, ids, omissible } of rows) {
      const whole = body.replace('http://127.0.0.1:8080', app.origin);
      const short = JSON.stringify(
        JSON.parse(whole, (name, value: unknown) => (omissible.includes(name) ? undefined : value)),
      );
      for (const name of omissible) expect(whole).toContain(`"${name}":`);
      for (const sent of [whole, short]) {
        const answer = await fetch(`${environment['ONRECORD_SIMULATOR']}/calls`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: sent,
        });
        expect([sent, answer.status]).toEqual([sent, 201]);
        const call = (await answer.json()) as { readonly provider: string; readonly ids: object };
        expect([call.provider, Object.keys(call.ids)]).toEqual([provider, ids]);
      }
    }
  } finally {
    run.interrupt();
    await run.ended;
    await app.close();
    await rm(folder, { recursive: true });
  }
});
