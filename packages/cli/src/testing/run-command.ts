import { tmpdir } from 'node:os';
import { main } from '../main.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

/** A run of `onrecord` in this process. */
export interface CommandRun {
  /** What it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<ExitCode>;
  /** What was written to stdout once `match` accepts it; rejects when the command ends before. */
  readonly wrote: (match: (out: string) => boolean) => Promise<string>;
  /** As Ctrl-C does. */
  readonly interrupt: () => void;
}

export function startCommand(argv: readonly string[], place: Partial<Terminal> = {}): CommandRun {
  const interrupting = new AbortController();
  const waiting = new Set<() => void>();
  let out = '';
  let err = '';
  const tell = () => waiting.forEach((look) => void look());
  const ended = main(argv, {
    out: (text) => {
      out += text;
      tell();
    },
    err: (text) => {
      err += text;
    },
    environment: {},
    folder: tmpdir(),
    signal: interrupting.signal,
    ...place,
  });
  return {
    out: () => out,
    err: () => err,
    ended,
    wrote: (match) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (match(out)) resolve(out);
        };
        waiting.add(look);
        look();
        ended.then((code) => reject(new Error(`onrecord ended with ${code}: ${err}`)), reject);
      }),
    interrupt: () => interrupting.abort(),
  };
}

/** A run to its end. */
export async function runCommand(argv: readonly string[], place?: Partial<Terminal>) {
  const run = startCommand(argv, place);
  const code = await run.ended;
  return { code, out: run.out(), err: run.err() };
}
