import type { Command } from '../commands/command.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { Report, Seen } from '../report/report.ts';

/** What a command makes true: media is captured, is held back, or the part is over. */
export type Desire = 'capture' | 'hold' | 'end';

/** A command of one part with what the reports say about its refusal. */
export interface PartStep {
  readonly command: Command;
  readonly desire: Desire;
  /** Whether a request may have reached the provider. */
  readonly left: boolean;
  readonly refused?: { readonly code: ErrorCode; readonly message: string } | undefined;
  /** Refused by one account and executed by another: the effect that was seen wins. */
  readonly contradicted: boolean;
}

/** The commands of a part as steps, by ordinal. */
export function stepsOf(
  commands: readonly Command[],
  reports: readonly Report[],
  options: { readonly startPaused: boolean },
): readonly PartStep[] {
  return commands
    .map((command): PartStep => {
      const desire = desireOf(command, options);
      const refused = command.refused ?? refusalIn(command, reports);
      const contradicted = refused !== undefined && reports.some((report) => shows(report, command, desire));
      return {
        command,
        desire,
        left: command.firstSentAt !== undefined || command.acceptedAt !== undefined,
        refused: contradicted ? undefined : refused,
        contradicted,
      };
    })
    .sort((left, right) => left.command.ordinal - right.command.ordinal);
}

function desireOf({ kind, sends }: Command, { startPaused }: { readonly startPaused: boolean }): Desire {
  switch (sends) {
    case 'start':
      return startPaused && kind === 'start' ? 'hold' : 'capture';
    case 'pause':
      return 'hold';
    case 'resume':
      return 'capture';
    default:
      return 'end';
  }
}

/** A refusal that names no command is that of the start: nothing else fails after its answer (Azure StartRecordingFailed). */
function refusalIn(command: Command, reports: readonly Report[]): PartStep['refused'] {
  return reports.find(
    ({ seen, cause }) =>
      seen.refused && ('commandId' in cause ? cause.commandId === command.id : command.sends === 'start'),
  )?.seen.refused;
}

/** Whether a report is tied to a command and shows its effect: the plainest proof there is. */
export function shows({ cause, seen }: Report, command: Command, desire: Desire): boolean {
  if (!('commandId' in cause) || cause.commandId !== command.id) return false;
  return speaksFor(seen, desire);
}

/** Whether what was seen is what a command wants: that nothing is captured because it is over is no pause. */
export function speaksFor({ capturing, ended }: Seen, desire: Desire): boolean {
  switch (desire) {
    case 'capture':
      return capturing === true;
    case 'hold':
      return capturing === false && ended !== true;
    case 'end':
      return ended === true;
  }
}
