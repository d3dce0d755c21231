/**
 * Runs `work` for a name at once. Wishes that come while it runs lead to one more run, however many they are. The
 * promise is that of a run which began after the wish.
 */
export function coalesce(work: (name: string) => Promise<void>): (name: string) => Promise<void> {
  const running = new Map<string, Run>();

  function begin(name: string): Promise<void> {
    const run: Run = { now: Promise.resolve(), next: undefined };
    running.set(name, run);
    run.now = (async () => work(name))().finally(() => {
      if (!run.next) running.delete(name);
    });
    return run.now;
  }

  return (name) => {
    const run = running.get(name);
    if (!run) return begin(name);
    run.next ??= run.now.catch(() => {}).then(() => begin(name));
    return run.next;
  };
}

interface Run {
  now: Promise<void>;
  next: Promise<void> | undefined;
}
