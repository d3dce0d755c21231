/** What an event says of somebody: `at` in epoch ms of the service's clock. */
export interface Step {
  readonly type: 'joined' | 'dropped' | 'left' | 'deleted';
  readonly at: number;
}

/** A time in which somebody was there, epoch ms; without `to` they still are. */
export interface Stay {
  /** `-Infinity` where nobody heard of the beginning: another process did, or the event was lost. */
  readonly from: number;
  readonly to?: number | undefined;
  /** The connection was lost: who is back in time has not left. */
  readonly lost?: true | undefined;
}

/** Events of the same moment, in the order in which they can have happened. */
const rank = { joined: 0, dropped: 1, left: 1, deleted: 2 } as const;

/**
 * The stays of one attendee, from the set of all events, in whatever order and however often they came. Somebody who
 * joins twice, such as with a new device, is there until they have departed twice.
 *
 * @param graceMs who is back so soon after a lost connection was there all the time.
 * @param endedAt the end of the meeting: it ends every stay, and nothing after it counts.
 */
export function staysOf(
  steps: readonly Step[],
  graceMs: number,
  endedAt: number = Number.POSITIVE_INFINITY,
): readonly Stay[] {
  const known = steps.filter(
    (step, index) => step.at <= endedAt && steps.findIndex((one) => same(one, step)) === index,
  );
  const stays: Stay[] = [];
  let connections = 0;
  for (const { type, at } of known.sort((left, right) => left.at - right.at || rank[left.type] - rank[right.type])) {
    const last = stays.at(-1);
    const before = connections;
    connections = type === 'joined' ? before + 1 : type === 'deleted' ? 0 : Math.max(0, before - 1);
    if (before === 0 && connections > 0) {
      if (last?.lost && at - (last.to ?? at) <= graceMs) stays.splice(-1, 1, { from: last.from });
      else stays.push({ from: at });
    }
    if (before === 0 && last === undefined && (type === 'left' || type === 'dropped')) {
      stays.push({ from: Number.NEGATIVE_INFINITY, to: at, ...(type === 'dropped' ? { lost: true as const } : {}) });
    }
    if (before > 0 && connections === 0 && last) {
      stays.splice(-1, 1, { from: last.from, to: at, ...(type === 'dropped' ? { lost: true as const } : {}) });
    }
  }
  const last = stays.at(-1);
  if (last && last.to === undefined && endedAt !== Number.POSITIVE_INFINITY) {
    stays.splice(-1, 1, { from: last.from, to: endedAt });
  }
  return stays;
}

function same(left: Step, right: Step): boolean {
  return left.type === right.type && left.at === right.at;
}
