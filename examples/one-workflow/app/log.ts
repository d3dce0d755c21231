import type { Logger } from '@onrecord/core';
import { tell } from './parent.ts';

const nothing = () => {};
const said = new Set<string>();

/** Warnings and errors on stderr, each once: what does not go away is met again at every attempt. */
function once(fields: object, message: string): void {
  if (said.has(message)) return;
  said.add(message);
  const text = `${message} ${JSON.stringify(fields)}`;
  console.error(text);
  tell({ tell: 'warning', text, code: codeIn(fields) });
}

/** Of the error that the fields are about, or are. */
function codeIn({ code, err }: { readonly code?: unknown; readonly err?: { readonly code?: unknown } }) {
  const found = code ?? err?.code;
  return typeof found === 'string' ? found : undefined;
}

export const logger: Logger = { debug: nothing, info: nothing, warn: once, error: once };
