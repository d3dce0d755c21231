/**
 * Runs `work` for a name at once. Wishes that come while it runs lead to one more run, however many they are. The
 * promise is that of a run which began after the wish.
 */
export function coalesce<T>(work: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const running = new Map<string, Run<T>>();

  function begin(name: string): Promise<T> {
    const now = (async () => work(name))().finally(() => {
      if (!run.next) running.delete(name);
    });
    const run: Run<T> = { now, next: undefined };
    running.set(name, run);
    return now;
  }

  return (name) => {
    const again = () => begin(name);
    const run = running.get(name);
    if (!run) return begin(name);
    run.next ??= run.now.then(again, again);
    return run.next;
  };
}

interface Run<T> {
  readonly now: Promise<T>;
  next: Promise<T> | undefined;
}
