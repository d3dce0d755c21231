import type { Logger } from '@onrecord/core';

const nothing = () => {};
const written = (fields: object, message: string) => console.error(`${message} ${JSON.stringify(fields)}`);

/** Warnings and errors on stderr, a line each. */
export const logger: Logger = { debug: nothing, info: nothing, warn: written, error: written };
