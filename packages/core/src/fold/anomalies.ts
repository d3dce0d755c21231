import type { Report } from '../report/report.ts';
import type { PartRecord } from '../session/record.ts';
import type { Anomaly, CommandOutcome } from '../session/snapshot.ts';
import type { Change } from './changes.ts';
import { toldReasons } from './end-reason.ts';
import type { PartStep } from './part-step.ts';

interface Facts {
  readonly steps: readonly PartStep[];
  readonly reports: readonly Report[];
  readonly outcomes: readonly CommandOutcome[];
  readonly changes: readonly Change[];
  readonly capturing: boolean | undefined;
  readonly ended: boolean;
  /** Ordinal of the last command that was confirmed. */
  readonly reached: number;
}

/** What an operator should see of a part, in causal order. */
export function anomaliesOf(part: PartRecord, facts: Facts): readonly Anomaly[] {
  const found: Anomaly[] = [];
  const add = (code: Anomaly['code'], message: string, reportId?: string) =>
    found.push({ code, message, partId: part.id, ...(reportId === undefined ? {} : { reportId }) });
  for (const { command, contradicted } of facts.steps) {
    if (contradicted) add('contradiction', `The ${command.kind} was refused, yet its effect was seen.`);
    if (command.timedOutAt !== undefined) addTimeOut(part, command.id, facts, add);
  }
  const start = facts.steps.find(({ command }) => command.sends === 'start');
  for (const [index, { capturing, report, after }] of facts.changes.entries()) {
    // The last word before an end tells the end.
    if (!report || (facts.ended && !capturing && index === facts.changes.length - 1)) continue;
    if (start?.refused && capturing && after === start.command.ordinal) {
      add('capturing-uncontrolled', 'The start was refused, yet the provider captures.', report.reportId);
      continue;
    }
    add(
      capturing ? 'uncommanded-resume' : 'uncommanded-pause',
      `The provider ${capturing ? 'captures again' : 'stopped capturing'}, and no command asked for it.`,
      report.reportId,
    );
  }
  const over = unexplainedEnd(facts);
  if (over) {
    add('uncommanded-end', 'The recording ended before its call, and no command asked for it.', over.reportId);
  }
  const inactive = unknownInactive(facts);
  if (inactive) {
    add(
      'unknown-inactive',
      'The provider says that nothing is captured, which it also says of a recording that is over.',
      inactive.reportId,
    );
  }
  const told = new Set<string>();
  for (const { seen, reportId } of facts.reports) {
    // Repeated looks find the same again; it is one anomaly.
    if (!seen.anomaly || told.has(`${seen.anomaly.code} ${seen.anomaly.message}`)) continue;
    told.add(`${seen.anomaly.code} ${seen.anomaly.message}`);
    add(seen.anomaly.code, seen.anomaly.message, reportId);
  }
  return found;
}

function addTimeOut(
  part: PartRecord,
  commandId: string,
  { outcomes, steps, ended }: Facts,
  add: (code: Anomaly['code'], message: string) => void,
): void {
  const outcome = outcomes.find(({ id }) => id === commandId);
  if (outcome?.state !== 'timed-out') return;
  const command = steps.find((step) => step.command.id === commandId)?.command;
  if (command?.sends === 'start' && command.answerLost && part.handle === undefined && !ended) {
    add('capturing-uncontrolled', 'The start was never answered nor adopted: the provider may capture unseen.');
    return;
  }
  add('command-timed-out', `The ${outcome.kind} was not confirmed by its deadline; it may still have happened.`);
}

/** An end of which the provider says outright that it cannot tell why, where nobody asked for one. */
function unexplainedEnd({ steps, reports }: Facts): Report | undefined {
  const told = toldReasons(reports);
  if (!told.has('unknown') || told.size > 1) return undefined;
  if (steps.some(({ desire, refused }) => desire === 'end' && refused === undefined)) return undefined;
  return reports.find(({ seen }) => seen.endReason === 'unknown');
}

/**
 * A read-back without capture that no command explains, later than every sight of capture. Arrival decides here: an
 * anomaly alarms people and changes no state.
 */
function unknownInactive({ steps, reports, capturing, ended, reached }: Facts): Report | undefined {
  if (ended || capturing !== true) return undefined;
  const explained = steps.some(
    ({ command, desire, refused }) => command.ordinal > reached && desire !== 'capture' && refused === undefined,
  );
  if (explained) return undefined;
  const last = reports.findLast(({ seen }) => seen.capturing !== undefined);
  if (last?.seen.capturing !== false || !('asOfOrdinal' in last.cause)) return undefined;
  return last.cause.asOfOrdinal >= reached ? last : undefined;
}
