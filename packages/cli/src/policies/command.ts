import { OnRecordError } from '@onrecord/core';
import { ConfigToken, createContainer } from '@onrecord/core/inversify';
import { Command } from 'commander';
import { configPath } from '../config-path.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { policiesOf } from './of-config.ts';
import { type Flags, flags, purposes } from './purposes.ts';

const help = `
Without a purpose it prints all that a configuration names: bucket policies, roles, and commands for what AWS keeps.

  $ onrecord policies --account-id 111122223333
  $ onrecord policies sma-recording --bucket recordings --account-id 111122223333 --applications us-east-1/<id>`;

/** `onrecord policies` */
export function policiesCommand(terminal: Terminal, ended: (code: ExitCode) => void): Command {
  const command = new Command('policies')
    .description('print the least AWS policies that recording needs, as JSON')
    .option('--config <file>', '(default: onrecord.config.ts, .js, .json or .yaml of this folder)')
    .option('--account-id <id>', 'AWS account, 12 digits')
    .addHelpText('after', help)
    .action(async (given: { readonly config?: string; readonly accountId?: string }) => {
      if (given.accountId === undefined) throw new UsageError('policies of a configuration need --account-id.');
      const path = configPath(given.config, terminal.folder);
      const container = await createContainer(path, { environment: terminal.environment, worker: false });
      const { accountId } = given;
      const policies = usage(() => policiesOf(container.get(ConfigToken), accountId));
      print(policies, terminal, ended);
    });
  for (const [name, { summary, takes, make }] of Object.entries(purposes)) {
    const subcommand = new Command(name).description(summary);
    for (const each of takes) {
      const { flag, meaning } = flags[each] ?? { flag: '', meaning: '' };
      subcommand.option(flag, meaning);
    }
    // A flag of the same name that stands before the subcommand is the parent's.
    subcommand.action((_: Flags, self: Command) => {
      print(
        usage(() => make(self.optsWithGlobals<Flags>())),
        terminal,
        ended,
      );
    });
    command.addCommand(subcommand);
  }
  return command;
}

function print(value: object, { out }: Terminal, ended: (code: ExitCode) => void): void {
  out(`${JSON.stringify(value, null, 2)}\n`);
  ended(exitCodes.ok);
}

/** What a policy says of its options was typed by the user. @throws UsageError */
function usage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (OnRecordError.is(error, 'invalid-request')) throw new UsageError(error.message);
    throw error;
  }
}
