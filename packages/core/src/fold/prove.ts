import type { Report } from '../report/report.ts';
import type { ClockOrder } from './clock-order.ts';
import { type PartStep, shows, speaksFor } from './part-step.ts';

/** What proves a command: a report, or for a start in pause its bare acceptance. */
export type Proof = { readonly report?: Report | undefined };

export interface ProofContext {
  readonly steps: readonly PartStep[];
  readonly reports: readonly Report[];
  readonly order: ClockOrder;
  /** The value confirmed before the command; undefined before the first. */
  readonly before: boolean | undefined;
}

/**
 * Looks for the proof of one `capture` or `hold` step. In this order:
 *
 * 1. a report tied to the command that shows its effect;
 * 2. an observation that the provider's own clock places after the command (see `clockOrder`);
 * 3. a read-back sent after acceptance that shows the wanted value. It proves a hold only against a confirmed
 *    `capturing: true` before, and only while no later command can have caused it;
 * 4. for a start: any sight of capture, since nothing else begins it; for a start in pause: its acceptance.
 *
 * Repetitions of a command (the first was given up) form a run: 2 and 3 speak for the last of it, whose goal they
 * show, once it was accepted: until then it may still be on its way, and take effect after whatever follows. Proof of
 * a later run says nothing about an earlier one. That nothing is captured because it is over proves no hold.
 */
export function prove(step: PartStep, context: ProofContext): Proof | undefined {
  const { reports, steps } = context;
  const { command, desire } = step;
  const tied = reports.find((report) => shows(report, command, desire));
  if (tied) return { report: tied };
  if (command.sends === 'start') return proveStart(step, context);
  const run = runOf(step, steps);
  if (run.repeated || (run.from < command.ordinal && command.acceptedAt === undefined)) return undefined;
  const report = provenByClock(step, run, context) ?? provenByReadBack(step, run, context);
  return report && { report };
}

function proveStart({ command, desire }: PartStep, { reports }: ProofContext): Proof | undefined {
  if (desire === 'capture') {
    const capturing = reports.filter(({ seen }) => seen.capturing === true);
    const report = capturing.find(({ via }) => via !== 'poll') ?? capturing[0];
    return report && { report };
  }
  const read = reports.find(
    ({ seen, cause }) => seen.capturing === false && 'asOfOrdinal' in cause && cause.asOfOrdinal >= command.ordinal,
  );
  if (read) return { report: read };
  return command.acceptedAt === undefined ? undefined : {};
}

interface Run {
  /** Ordinal of its first command. */
  readonly from: number;
  /** Whether the command is repeated by a later one. */
  readonly repeated: boolean;
  /** Ordinals of the next step of any kind, of the next that wants the opposite, and of the next of this kind after that. */
  readonly next: number;
  readonly opposite: number;
  readonly again: number;
}

function runOf(step: PartStep, steps: readonly PartStep[]): Run {
  const valid = steps.filter(({ refused, desire }) => refused === undefined && desire !== 'end');
  const index = valid.indexOf(step);
  let first = index;
  while (first > 0 && valid[first - 1]?.desire === step.desire) first--;
  const opposite = valid.findIndex(({ desire }, at) => at > index && desire !== step.desire);
  const again = opposite < 0 ? -1 : valid.findIndex(({ desire }, at) => at > opposite && desire === step.desire);
  const next = steps.find(({ command, refused }) => command.ordinal > step.command.ordinal && refused === undefined);
  return {
    from: valid[first]!.command.ordinal,
    repeated: valid[index + 1]?.desire === step.desire,
    next: next?.command.ordinal ?? Number.POSITIVE_INFINITY,
    opposite: ordinalAt(valid, opposite),
    again: ordinalAt(valid, again),
  };
}

function ordinalAt(steps: readonly PartStep[], index: number): number {
  return steps[index]?.command.ordinal ?? Number.POSITIVE_INFINITY;
}

function provenByClock({ desire }: PartStep, run: Run, { reports, order }: ProofContext): Report | undefined {
  if (order.earliest.size === 0) return undefined;
  return reports.find((report) => {
    const earliest = order.earliest.get(report);
    return earliest !== undefined && earliest >= run.from && earliest < run.opposite && speaksFor(report.seen, desire);
  });
}

function provenByReadBack(step: PartStep, run: Run, context: ProofContext): Report | undefined {
  const { command, desire } = step;
  const wanted = desire === 'capture';
  if (!wanted && (context.before !== true || !settledBefore(step, context))) return undefined;
  const until = wanted ? run.again : run.next;
  return context.reports.find(
    (report) =>
      speaksFor(report.seen, desire) &&
      'asOfOrdinal' in report.cause &&
      report.cause.asOfOrdinal >= command.ordinal &&
      report.cause.asOfOrdinal < until,
  );
}

/**
 * Whether the capture before a hold was surely in force when the hold was sent. One that had been given up may settle
 * late, and then `capturing: false` is still the pause before it; a read-back sent before the hold was accepted
 * rules that out.
 */
function settledBefore({ command }: PartStep, { steps, reports }: ProofContext): boolean {
  const capture = steps.findLast(
    ({ desire, refused, command: { ordinal } }) =>
      desire === 'capture' && refused === undefined && ordinal < command.ordinal,
  )?.command;
  if (!capture || capture.timedOutAt === undefined) return true;
  return reports.some(
    ({ seen, cause }) =>
      seen.capturing === true &&
      'asOfOrdinal' in cause &&
      cause.asOfOrdinal >= capture.ordinal &&
      cause.asOfOrdinal < command.ordinal,
  );
}
