import type { Command } from '../commands/command.ts';
import type { Report } from '../report/report.ts';
import type { Moment } from './moment.ts';

/** A confirmed change of capture: by a command, or by nobody we know (then `report` shows it). */
export interface Change extends Moment {
  readonly capturing: boolean;
  /** Ordinal of the command that it follows or carries out. */
  readonly after: number;
  readonly command?: Command | undefined;
  readonly report?: Report | undefined;
}
