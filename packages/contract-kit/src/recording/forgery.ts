import type { InboundRequest } from '@onrecord/core';

/** Headers that say how to read a message, not who sent it. */
const PLAIN = /^(accept|connection|content-(type|length|encoding)|date|host|transfer-encoding|user-agent)/;

function tampered(text: string): string {
  const middle = text.length >> 1;
  const letter = text.charAt(middle);
  return `${text.slice(0, middle)}${letter === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`;
}

function withQuery(
  request: InboundRequest,
  change: (name: string, value: string) => string | undefined,
): string | undefined {
  if (request.url === undefined) return undefined;
  const url = new URL(request.url);
  for (const [name, value] of [...url.searchParams]) {
    const changed = change(name, value);
    if (changed === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, changed);
  }
  return url.href;
}

function withHeaders(
  request: InboundRequest,
  change: (value: string) => string | undefined,
): { readonly [name: string]: string | readonly string[] | undefined } {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => {
      if (PLAIN.test(name)) return [[name, value] as const];
      const changed = change(String(value));
      return changed === undefined ? [] : [[name, changed] as const];
    }),
  );
}

/**
 * The same message without any proof of origin, and with every possible proof altered in one letter. A provider that
 * proves its origin in the body needs a `forge` of its own in the harness.
 */
export function forgeries(genuine: InboundRequest): readonly InboundRequest[] {
  return [
    { ...genuine, headers: withHeaders(genuine, () => undefined), url: withQuery(genuine, () => undefined) },
    { ...genuine, headers: withHeaders(genuine, tampered), url: withQuery(genuine, (_, value) => tampered(value)) },
  ];
}
