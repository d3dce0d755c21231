import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root =
  process.env['ONRECORD_REFERENCE'] ?? fileURLToPath(new URL('../../../../../../shared/reference', import.meta.url));

/** Why tests that read the vendor's guide are skipped; undefined when it is there. */
export const withoutGuide: string | undefined = existsSync(`${root}/docs`)
  ? undefined
  : 'the developer guide is not beside the repository (set ONRECORD_REFERENCE)';
if (withoutGuide) console.warn(`skipped: ${withoutGuide}`);

/** A page without the fences, blank lines and broken words of its print. */
const read = (name: string) =>
  readFileSync(`${root}/docs/${name}`, 'utf8')
    .replace(/^```\s*$/gm, '')
    .replace(/\n\s*\n/g, '\n')
    .replace(/-\n\s*/g, '-');
const text = withoutGuide ? '' : read('chime-developer-guide.zh.txt');
/** The same pages of the guide once more, where its print lost braces. */
const pages = withoutGuide ? '' : read('chime-start-call-recording.de.txt') + read('chime-record-audio.en.txt');

export interface GuideStatement {
  readonly Principal?: { readonly Service: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** The policies that the guide prints whole, with its placeholders replaced. */
export function guidePolicies(placeholders: {
  readonly [text: string]: string;
}): readonly { readonly Statement: readonly GuideStatement[] }[] {
  const found: { Statement: readonly GuideStatement[] }[] = [];
  const whole = text + pages;
  for (const { index } of whole.matchAll(/\{\s*"Version": "20/g)) {
    let printed = balanced(whole.slice(index)).replace(/,(\s*[\]}])/g, '$1');
    for (const [name, value] of Object.entries(placeholders)) printed = printed.replaceAll(name, value);
    try {
      const policy = JSON.parse(printed) as { Statement?: unknown };
      if (Array.isArray(policy.Statement)) found.push({ Statement: policy.Statement });
    } catch {
      // Pages of the guide drop and repeat braces: what cannot be read is not compared whole.
    }
  }
  return found;
}

/** Names in quotes, as of actions, between two headings of the guide. */
export function namesBetween(from: RegExp, to: RegExp, name: RegExp): readonly string[] {
  const start = text.search(from);
  if (start < 0) throw new Error(`The guide has no ${from}.`);
  const rest = text.slice(start);
  const part = rest.slice(0, rest.search(to));
  const quoted = new RegExp(`"(${name.source})"`, 'g');
  return [...new Set([...part.matchAll(quoted)].map(([, found = '']) => found))].sort();
}

function balanced(from: string): string {
  let depth = 0;
  for (let index = 0; index < from.length; index++) {
    if (from[index] === '{') depth += 1;
    else if (from[index] === '}' && --depth === 0) return from.slice(0, index + 1);
  }
  return '';
}

/** Whether the guide says so, in these words. */
export function guideSays(words: string): boolean {
  return text.replace(/\s+/g, ' ').includes(words);
}
