import { readFileSync } from 'node:fs';

/** Share of the time from which media in real time has holes: a server that is 20 ms late has lost them. */
const TOO_MUCH = 0.15;

/** How much of a stretch of time somebody on this machine waited for a processor, as Linux counts it. */
export class Strain {
  #begun: { readonly at: number; readonly waitedMs: number } | undefined;
  #share: number | undefined;

  begin(): void {
    const waitedMs = totalMs();
    this.#begun = waitedMs === undefined ? undefined : { at: performance.now(), waitedMs };
  }

  end(): void {
    const waitedMs = totalMs();
    if (this.#begun === undefined || waitedMs === undefined) return;
    this.#share = (waitedMs - this.#begun.waitedMs) / (performance.now() - this.#begun.at);
  }

  /** Why a recording in real time may be the worse for it; undefined where nothing speaks for that. */
  get reason(): string | undefined {
    if (this.#share === undefined || this.#share < TOO_MUCH) return undefined;
    return `this machine was busy: ${Math.round(100 * this.#share)} % of the time somebody waited for a processor`;
  }
}

/** Undefined where the system does not count it. */
function totalMs(): number | undefined {
  try {
    const total = /^some .*total=(\d+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1];
    return total === undefined ? undefined : Number(total) / 1000;
  } catch {
    return undefined;
  }
}
