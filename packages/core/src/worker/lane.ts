/** Work that is done a few pieces at a time, the most urgent first. */
export interface Lane {
  /** Takes a job, unless one of this name waits or runs already. `urgency`: the least goes first. */
  add(job: { readonly name: string; readonly urgency: number; run(): Promise<void> }): void;
  /** Whether a job of this name waits or runs. */
  has(name: string): boolean;
  /** Resolves once nothing waits or runs. */
  idle(): Promise<void>;
}

/** `failed` is told of a job that rejects; the others go on. */
export function lane(width: number, failed: (error: unknown, name: string) => void): Lane {
  const waiting: Parameters<Lane['add']>[0][] = [];
  const names = new Set<string>();
  let running = 0;
  let idle: (() => void)[] = [];

  function next(): void {
    while (running < width && waiting.length > 0) {
      const urgent = waiting.reduce((first, job) => (job.urgency < first.urgency ? job : first));
      waiting.splice(waiting.indexOf(urgent), 1);
      running += 1;
      void run(urgent);
    }
    if (running > 0) return;
    for (const resolve of idle) resolve();
    idle = [];
  }

  async function run(job: Parameters<Lane['add']>[0]): Promise<void> {
    try {
      await job.run();
    } catch (error) {
      failed(error, job.name);
    }
    names.delete(job.name);
    running -= 1;
    next();
  }

  return {
    add(job) {
      if (names.has(job.name)) return;
      names.add(job.name);
      waiting.push(job);
      next();
    },
    has: (name) => names.has(name),
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  };
}
