/** What goes wrong, with what, how often. */
export interface PlannedFault<Subject, Fault> {
  /** The subject's name, or a predicate; omitted, any subject matches. */
  readonly match?: string | ((subject: Subject) => boolean) | undefined;
  readonly fault: Fault;
  /** To how many matching subjects the fault is applied. @default 1 */
  readonly times?: number | undefined;
  /** How many matching subjects pass untouched first. @default 0 */
  readonly skip?: number | undefined;
}

interface Pending<Subject, Fault> extends PlannedFault<Subject, Fault> {
  left: number;
  toSkip: number;
}

/** The faults still to commit, in the order in which they were asked for. A subject takes the first that matches it. */
export class FaultPlan<Subject, Fault> {
  readonly #nameOf: (subject: Subject) => string;
  #pending: readonly Pending<Subject, Fault>[] = [];

  constructor(nameOf: (subject: Subject) => string) {
    this.#nameOf = nameOf;
  }

  next(planned: PlannedFault<Subject, Fault>): void {
    this.#pending = [...this.#pending, { ...planned, left: planned.times ?? 1, toSkip: planned.skip ?? 0 }];
  }

  /** How many applications are still to come; a test that ends above 0 did not meet the fault that it asked for. */
  pending(): number {
    return this.#pending.reduce((sum, { left }) => sum + left, 0);
  }

  /** Forgets what is left. */
  clear(): void {
    this.#pending = [];
  }

  /** The fault for this subject; undefined when none is planned for it. */
  take(subject: Subject): Fault | undefined {
    for (const planned of this.#pending) {
      if (!this.#matches(planned, subject)) continue;
      if (planned.toSkip > 0) {
        planned.toSkip -= 1;
        continue;
      }
      planned.left -= 1;
      if (planned.left <= 0) this.#pending = this.#pending.filter((other) => other !== planned);
      return planned.fault;
    }
    return undefined;
  }

  #matches({ match }: PlannedFault<Subject, Fault>, subject: Subject): boolean {
    return typeof match === 'string' ? match === this.#nameOf(subject) : (match?.(subject) ?? true);
  }
}
