import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OnRecordError } from '@onrecord/core';
import { whyNoAsterisk } from '../cloud/asterisk/availability.ts';
import { type ProviderName, providerNames, simulatedNames } from '../cloud/providers.ts';
import type { Speaker } from '../speech/script.ts';

export const usage = `Usage: npm run demo -- [options]

  --provider NAME   only this one: ${providerNames.join(', ')};
                    asterisk takes the server of ASTERISK_ARI_URL, or fetches one (80 MB, once)
  --caller FILE     your own voices, both or one: 16-bit WAV files on one time axis;
  --callee FILE     the last thing the caller says is taken for the card number
  --json            print the results as JSON on stdout, everything else on stderr
  --help            print this`;

export interface DemoOptions {
  readonly providers: readonly ProviderName[];
  /** A provider that nobody named and that is not here, and why; one line. */
  readonly leftOut?: string | undefined;
  /** Files of voices in place of those of the demo. */
  readonly voices: Readonly<Partial<Record<Speaker, string>>>;
  readonly json: boolean;
  readonly help: boolean;
  /** Where the one who typed the command is: npm runs scripts in the folder of their package. */
  readonly folder: string;
}

/** @throws OnRecordError `invalid-request` that says what is wrong and what there is. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { provider, caller, callee, json = false, help = false } = parsed(args);
  const name = providerNames.find((known) => known === provider);
  if (provider !== undefined && name === undefined) {
    throw new OnRecordError('invalid-request', `There is no provider "${provider}".`, {
      remedy: `There are ${providerNames.join(', ')}.`,
    });
  }
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  const voices = {
    ...(caller === undefined ? {} : { caller: resolve(folder, caller) }),
    ...(callee === undefined ? {} : { callee: resolve(folder, callee) }),
  };
  const common = { voices, json, help, folder };
  if (name) return { providers: [name], ...common };
  const why = whyNoAsterisk();
  if (why === undefined) return { providers: providerNames, ...common };
  return { providers: simulatedNames, leftOut: `asterisk left out: ${why}`, ...common };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        provider: { type: 'string' },
        caller: { type: 'string' },
        callee: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OnRecordError('invalid-request', `${reason.replace(/\.?$/, '.')}`, { remedy: `\n${usage}` });
  }
}
