import type { ProviderName } from '../cloud/providers.ts';

/** Shows on stderr what goes on: one line for each provider that changes, or line after line where nobody watches. */
export class Progress {
  readonly #startedAt = performance.now();
  readonly #latest = new Map<ProviderName, string>();
  readonly #live = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  readonly #width: number;
  #drawn = 0;

  constructor(providers: readonly ProviderName[]) {
    this.#width = Math.max(...providers.map(({ length }) => length));
    if (this.#live) for (const provider of providers) this.#latest.set(provider, '…');
  }

  show(provider: ProviderName, text: string): void {
    const line = `${provider.padEnd(this.#width)}  ${this.#seconds()}  ${text}`;
    if (!this.#live) return void process.stderr.write(`${line}\n`);
    this.#latest.set(provider, line);
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : '';
    const columns = process.stderr.columns || 80;
    const lines = [...this.#latest].map(([name, latest]) =>
      (latest === '…' ? `${name}  …` : latest).slice(0, columns - 1),
    );
    process.stderr.write(`${up}${lines.map((each) => `\u001b[2K${each}\n`).join('')}`);
    this.#drawn = lines.length;
  }

  #seconds(): string {
    return `${((performance.now() - this.#startedAt) / 1000).toFixed(1).padStart(4)} s`;
  }
}
