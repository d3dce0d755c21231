const hidden = '[secret]';

/**
 * A value that no log, error, template or JSON shows: only {@link Secret.reveal} gives it out.
 *
 * @example
 * ```ts
 * const key = new Secret(process.env['ACS_KEY'] ?? '');
 * console.log({ key }); // { key: [secret] }
 * ```
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.toPrimitive](): string {
    return hidden;
  }

  static {
    Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => hidden });
  }
}

/** The plain value of a secret or of a value given plainly. */
export function reveal<T>(value: T | Secret<T>): T {
  return value instanceof Secret ? value.reveal() : value;
}
