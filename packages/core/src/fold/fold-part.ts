import type { Report } from '../report/report.ts';
import type { PartRecord } from '../session/record.ts';
import type { Anomaly, CommandOutcome, PartSnapshot } from '../session/snapshot.ts';
import type { EndReason, PartState } from '../states/states.ts';
import { anomaliesOf } from './anomalies.ts';
import type { Change } from './changes.ts';
import { clockOrder } from './clock-order.ts';
import { endReasonOf, failures, reasonOfRefusal } from './end-reason.ts';
import { freeChanges, settle } from './free-changes.ts';
import { momentOf, observedAt, sentAt } from './moment.ts';
import type { PartStep } from './part-step.ts';
import { prove } from './prove.ts';

/** What one part is, derived from its commands and its reports. */
export interface PartFold {
  readonly snapshot: PartSnapshot;
  readonly outcomes: readonly CommandOutcome[];
  /** Confirmed changes of capture, in causal order. */
  readonly changes: readonly Change[];
  readonly anomalies: readonly Anomaly[];
  readonly steps: readonly PartStep[];
  readonly reports: readonly Report[];
  /** Whether something of the call was seen to be captured. */
  readonly captured: boolean;
}

/**
 * Walks the commands of a part in their order and lets the reports prove each of them. What no command explains comes
 * between; what stays incomparable changes nothing, so that a recording is believed to capture until a pause is proven.
 */
export function foldPart(part: PartRecord, steps: readonly PartStep[], reports: readonly Report[]): PartFold {
  const order = clockOrder(reports, steps);
  const free = freeChanges(order, steps, reports);
  const ending = endingOf(reports);
  const outcomes: CommandOutcome[] = [];
  const changes: Change[] = [];
  let capturing: boolean | undefined;
  let reached = 0;

  const takeFree = (before: number) => {
    for (const change of settle(free, capturing, reached, before)) {
      const { report, after } = change;
      if (change.capturing === capturing) continue;
      capturing = change.capturing;
      changes.push({ capturing, at: observedAt(report), precision: 'confirmed', after, report });
    }
  };

  for (const step of steps) {
    const { command } = step;
    takeFree(command.ordinal);
    if (step.refused) {
      const { code, message } = step.refused;
      outcomes.push(outcomeOf(step, { state: 'refused', error: { code, message } }));
      const seen = command.sends === 'start' && reports.find((report) => report.seen.capturing === true);
      if (seen) {
        capturing = true;
        changes.push({ capturing, at: observedAt(seen), precision: 'confirmed', after: command.ordinal, report: seen });
      }
      continue;
    }
    if (step.desire === 'end') {
      outcomes.push(ending ? confirmedEnd(step, ending) : outcomeOf(step, openState(step)));
      continue;
    }
    const proof = prove(step, { steps, reports, order, before: capturing });
    if (!proof) {
      outcomes.push(outcomeOf(step, openState(step)));
      continue;
    }
    const moment = momentOf(command, proof.report);
    capturing = step.desire === 'capture';
    reached = command.ordinal;
    changes.push({ ...moment, capturing, after: reached, command });
    outcomes.push(
      outcomeOf(step, { state: 'confirmed', ...moment, ...(proof.report ? { provenBy: proof.report.reportId } : {}) }),
    );
  }
  takeFree(Number.POSITIVE_INFINITY);

  const captured =
    changes.some((change) => change.capturing) ||
    reports.some(({ seen }) =>
      seen.media?.some(({ role, bytes, side }) => role !== 'metadata' && bytes !== 0 && !side),
    );
  const snapshot = snapshotOfPart(part, { steps, reports, changes, capturing, captured, ending });
  return {
    snapshot,
    outcomes,
    changes,
    captured,
    steps,
    reports,
    anomalies: anomaliesOf(part, {
      steps,
      reports,
      outcomes,
      changes,
      capturing,
      ended: ending !== undefined,
      reached,
    }),
  };
}

/** The plainest account of the end: a driver's before a probe's, the earlier first. */
function endingOf(reports: readonly Report[]): Report | undefined {
  let ending: Report | undefined;
  for (const report of reports) {
    if (report.seen.ended !== true) continue;
    if (report.via !== 'storage') return report;
    ending ??= report;
  }
  return ending;
}

function openState({ command }: PartStep): Pick<CommandOutcome, 'state'> {
  if (command.timedOutAt !== undefined) return { state: 'timed-out' };
  return { state: command.acceptedAt === undefined ? 'recorded' : 'accepted' };
}

function outcomeOf(
  { command }: PartStep,
  what: Omit<CommandOutcome, 'id' | 'ordinal' | 'kind' | 'partId'>,
): CommandOutcome {
  const { id, ordinal, kind, partId } = command;
  return { id, ordinal, kind, partId, ...what };
}

/** A part that is over needs no ending: a stop recorded afterwards is confirmed at once. */
function confirmedEnd(step: PartStep, ending: Report): CommandOutcome {
  return outcomeOf(step, { state: 'confirmed', ...momentOf(step.command, ending), provenBy: ending.reportId });
}

interface PartFacts {
  readonly steps: readonly PartStep[];
  readonly reports: readonly Report[];
  readonly changes: readonly Change[];
  readonly capturing: boolean | undefined;
  readonly captured: boolean;
  readonly ending: Report | undefined;
}

function snapshotOfPart(part: PartRecord, facts: PartFacts): PartSnapshot {
  const { changes, capturing, ending } = facts;
  const state = partState(facts);
  const first = changes.find((change) => change.command?.sends === 'start') ?? changes[0];
  const reason = partEndReason(state, facts);
  return {
    id: part.id,
    kind: part.kind,
    state,
    ...(ending ? { capturing: false } : capturing === undefined ? {} : { capturing }),
    ...(first ? { startedAt: first.at, startPrecision: first.precision } : {}),
    ...(ending ? { endedAt: endedAt(ending, facts) } : {}),
    ...(reason ? { endReason: reason } : {}),
  };
}

function partState({ steps, reports, capturing, captured, ending }: PartFacts): PartState {
  const start = steps.find(({ command }) => command.sends === 'start');
  if (start?.refused && !captured) return 'failed';
  if (ending) return !captured && failures.has(endReasonOf(steps, reports, { captured })) ? 'failed' : 'ended';
  if (steps.some(({ desire, refused, left }) => desire === 'end' && refused === undefined && left)) return 'stopping';
  if (capturing !== undefined) return capturing ? 'recording' : 'paused';
  return start?.left ? 'starting' : 'requested';
}

function partEndReason(state: PartState, { steps, reports, captured, ending }: PartFacts): EndReason | undefined {
  const refused = steps.find(({ command }) => command.sends === 'start')?.refused;
  if (state === 'failed' && refused) return reasonOfRefusal(refused.code);
  return ending && endReasonOf(steps, reports, { captured });
}

/**
 * When capture ended: as the account of it says; or, where a provider's last word before it was that capture had
 * ceased (Azure tells an end as `inactive` first), then; or at our request, where only a read-back or a probe tells.
 */
function endedAt(ending: Report, { steps, changes }: PartFacts): string {
  const ceased = changes.at(-1);
  if (ceased?.report && !ceased.capturing) return ceased.at;
  const asked = steps.findLast(
    ({ desire, refused, left, command }) =>
      desire === 'end' && refused === undefined && left && sentAt(command) <= ending.receivedAt,
  );
  return asked ? momentOf(asked.command, ending).at : observedAt(ending);
}
