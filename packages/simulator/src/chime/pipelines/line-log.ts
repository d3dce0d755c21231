/** Lines of JSON, gathered between two files of a text artifact. */
export class LineLog {
  #lines: string[] = [];

  add(line: object): void {
    this.#lines.push(JSON.stringify(line));
  }

  /** The text of the next file; undefined when there is nothing to write. */
  take(): string | undefined {
    const lines = this.#lines;
    this.#lines = [];
    return lines.length === 0 ? undefined : `${lines.join('\n')}\n`;
  }
}

/** As the service writes times in its text artifacts. */
export function lineTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+00:00');
}
