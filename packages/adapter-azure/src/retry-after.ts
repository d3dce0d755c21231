/** Milliseconds an answer asks us to wait: any of the three headers the service uses, a date being read against its own `Date`. */
export function retryAfterOf(header: (name: string) => string | undefined): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = numberIn(header(name));
    if (ms !== undefined) return ms;
  }
  const text = header('retry-after');
  const seconds = numberIn(text);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse takes much for a date that is none.
  const date = text?.endsWith('GMT') ? text : '';
  const wait = Date.parse(date) - Date.parse(header('date') ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
