/**
 * Where OnRecord writes its log lines; a pino logger fits as it is. Fields come first and hold no secret and no
 * personal data; the message is constant text.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = () => {};

/** Writes nothing: the default. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
