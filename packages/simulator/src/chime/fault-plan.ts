/** What goes wrong, with what, how often. */
export interface PlannedFault<Subject, Fault> {
  /** The subject's name, or a predicate; omitted, any subject matches. */
  readonly match?: string | ((subject: Subject) => boolean) | undefined;
  readonly fault: Fault;
  /** To how many matching subjects the fault is applied. @default 1 */
  readonly times?: number | undefined;
}

/** The faults still to commit, in the order in which they were asked for. A subject takes the first that matches it. */
export class FaultPlan<Subject, Fault> {
  readonly #nameOf: (subject: Subject) => string;
  #left: (PlannedFault<Subject, Fault> & { times: number })[] = [];

  constructor(nameOf: (subject: Subject) => string) {
    this.#nameOf = nameOf;
  }

  next(planned: PlannedFault<Subject, Fault>): void {
    this.#left.push({ ...planned, times: planned.times ?? 1 });
  }

  /** How many applications are still to come; a test that ends above 0 did not meet the fault that it asked for. */
  pending(): number {
    return this.#left.reduce((sum, { times }) => sum + times, 0);
  }

  take(subject: Subject): Fault | undefined {
    const planned = this.#left.find(({ match }) =>
      typeof match === 'string' ? match === this.#nameOf(subject) : (match?.(subject) ?? true),
    );
    if (!planned) return undefined;
    planned.times -= 1;
    if (planned.times <= 0) this.#left = this.#left.filter((other) => other !== planned);
    return planned.fault;
  }
}
