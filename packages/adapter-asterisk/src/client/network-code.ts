/** What Node says of a connection that failed; `fetch` hides it in causes, and one of several addresses in a list. */
export function networkCodeOf(error: unknown): string {
  let deepest = error;
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const [first]: readonly unknown[] = at instanceof AggregateError ? at.errors : [];
    for (const candidate of [at, first]) {
      const code = candidate instanceof Error && 'code' in candidate ? candidate.code : undefined;
      if (typeof code === 'string' && code !== '') return code;
    }
    if (/redirect/.test(at.message)) return 'REDIRECT';
    if (at.message === 'bad port') return 'BAD_PORT';
    deepest = at;
  }
  return deepest instanceof Error ? deepest.message : String(deepest);
}
