import { spawnSync } from 'node:child_process';

/** One figure per process: what the command printed last, as a number. */
export function measure(command: readonly string[], environment: NodeJS.ProcessEnv = {}): number {
  const [program = process.execPath, ...rest] = command;
  const result = spawnSync(program, rest, { encoding: 'utf8', env: { ...process.env, ...environment } });
  const figure = Number(result.stdout.trim().split('\n').at(-1));
  if (result.status !== 0 || !Number.isFinite(figure)) {
    throw new Error(`${command.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  }
  return figure;
}

export interface Paired {
  readonly left: number;
  readonly right: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Alternates two measurements and returns the median of the paired ratios left / right. */
export function paired(rounds: number, left: () => number, right: () => number): Paired {
  left();
  right();
  return compared(Array.from({ length: rounds }, () => ({ left: left(), right: right() })));
}

/** The same within one process, for what takes microseconds; who goes first changes with each round. */
export async function alternated(
  rounds: number,
  left: () => Promise<number>,
  right: () => Promise<number>,
): Promise<Paired> {
  const pairs: Pair[] = [];
  for (let round = -10; round < rounds; round++) {
    const first = round % 2 === 0 ? await left() : undefined;
    const other = await right();
    const pair = { left: first ?? (await left()), right: other };
    if (round >= 0) pairs.push(pair);
  }
  return compared(pairs);
}

type Pair = Pick<Paired, 'left' | 'right'>;

function compared(pairs: readonly Pair[]): Paired {
  const ratios = pairs.map((pair) => pair.left / pair.right).sort((a, b) => a - b);
  return {
    left: median(pairs.map((pair) => pair.left)),
    right: median(pairs.map((pair) => pair.right)),
    ratio: median(ratios),
    lowest: ratios[0] ?? Number.NaN,
    highest: ratios.at(-1) ?? Number.NaN,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function print(name: string, unit: string, goal: number, result: Paired): void {
  const met = result.ratio <= goal ? 'met' : 'NOT met';
  console.log(
    `${name}: ${result.ratio.toFixed(3)} (${result.lowest.toFixed(3)} to ${result.highest.toFixed(3)}), goal ${goal}: ${met}` +
      `  [${result.left.toFixed(3)} against ${result.right.toFixed(3)} ${unit}]`,
  );
}
