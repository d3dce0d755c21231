/** One file that a Chime service is about to write. */
export interface Delivery {
  readonly kind: 'sma-recording' | 'capture-chunk' | 'meeting-events' | 'concatenation';
  readonly bucket: string;
  readonly key: string;
  /** For a chunk: whether it is the last one of its pipeline. */
  readonly last: boolean;
}

/**
 * What goes wrong with one file: it is never written, is written empty, is refused by the bucket (a pipeline then
 * fails; a call recording is just not there), or comes later.
 */
export type DeliveryFault = 'never' | 'zero-bytes' | 'access-denied' | { readonly delayMs: number };

export interface DeliveryFaultRule {
  /** The kind, or a predicate: `({ kind, last }) => kind === 'capture-chunk' && last`; omitted, any file matches. */
  readonly match?: Delivery['kind'] | ((delivery: Delivery) => boolean) | undefined;
  readonly fault: DeliveryFault;
  /** @default 1 */
  readonly times?: number | undefined;
}

/** The delivery faults still to commit. A file takes the first rule that matches it. */
export class DeliveryFaults {
  #rules: (DeliveryFaultRule & { left: number })[] = [];

  next(rule: DeliveryFaultRule): void {
    this.#rules.push({ ...rule, left: rule.times ?? 1 });
  }

  /** How many applications are still to come. */
  pending(): number {
    return this.#rules.reduce((sum, rule) => sum + rule.left, 0);
  }

  take(delivery: Delivery): DeliveryFault | undefined {
    const rule = this.#rules.find(({ match }) =>
      typeof match === 'string' ? match === delivery.kind : (match?.(delivery) ?? true),
    );
    if (!rule) return undefined;
    rule.left -= 1;
    if (rule.left <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
    return rule.fault;
  }
}
