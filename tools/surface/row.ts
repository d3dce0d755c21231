/** One row of a table; its name stands in the name of the test that covers it. */
export interface SurfaceRow {
  readonly group: string;
  readonly name: string;
  /** What else a test may call it. */
  readonly also?: RegExp | undefined;
}

/** Everything that one provider offers to record by, or tells of recordings. */
export interface Surface {
  /** Folder of the adapter under `packages/`, whose README holds the table. */
  readonly adapter: string;
  /** Folder of the provider under `packages/simulator/src/`. */
  readonly simulator: string;
  /** Files whose tests hold a table against a model or a fixture, and show nothing of what a row does. */
  readonly tableTests: RegExp;
  /** Titles of tests that only show a refusal, named where no other test names the row. */
  readonly weak?: RegExp | undefined;
  /** In the order of the table. */
  readonly rows: readonly SurfaceRow[];
}

/** Rows by group. */
export function rows(groups: Readonly<Record<string, readonly string[]>>): readonly SurfaceRow[] {
  return Object.entries(groups).flatMap(([group, names]) => names.map((name) => ({ group, name })));
}
