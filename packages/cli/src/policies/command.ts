import { Command } from 'commander';
import type { ExitCode, Terminal } from '../terminal.ts';
export function policiesCommand(_terminal: Terminal, _ended: (code: ExitCode) => void): Command {
  return new Command('policies');
}
