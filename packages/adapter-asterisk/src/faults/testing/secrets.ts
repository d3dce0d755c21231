import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** What must be nowhere: the password, also as the header carries it. */
export function secretForms({
  username,
  password,
}: {
  readonly username: string;
  readonly password: string;
}): readonly string[] {
  const header = Buffer.from(`${username}:${password}`).toString('base64').replace(/=+$/, '');
  return [password, encodeURIComponent(password), header];
}

/** Text of everything that a value holds, hidden members, causes and stacks as well. */
export function everythingIn(value: unknown): string {
  return inspect(value, { depth: 50, showHidden: true, maxArrayLength: null, maxStringLength: null, breakLength: 200 });
}

/** Everything in the files below a folder, with their names. */
export async function everythingBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => `${file}\n${await readFile(file, 'latin1')}`));
  return texts.join('\n');
}

/** @throws Error naming where a secret stands. */
export function refuseSecrets(secrets: readonly string[], places: Readonly<Record<string, string>>): void {
  for (const [place, text] of Object.entries(places)) {
    const at = secrets.map((secret) => text.indexOf(secret)).find((index) => index >= 0);
    if (at === undefined) continue;
    const around = secrets.reduce(
      (clean, secret) => clean.replaceAll(secret, '‹SECRET›'),
      text.slice(at - 300, at + 300),
    );
    throw new Error(`a credential stands in ${place}: …${around}…`);
  }
}
