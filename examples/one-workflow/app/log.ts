import type { Logger } from '@onrecord/core';

const nothing = () => {};
const said = new Set<string>();

/** Warnings and errors on stderr, each once: what does not go away is met again at every attempt. */
function once(fields: object, message: string): void {
  if (said.has(message)) return;
  said.add(message);
  console.error(`${message} ${JSON.stringify(fields)}`);
}

export const logger: Logger = { debug: nothing, info: nothing, warn: once, error: once };
