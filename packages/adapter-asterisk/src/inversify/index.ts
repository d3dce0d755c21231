import type { JsonObject } from '@onrecord/core';
import { definePlugin, type Plugin } from '@onrecord/core/inversify';
import { readConfig } from '../config/config.ts';
import type { AsteriskOptions } from '../config/options.ts';
import { asterisk } from '../driver.ts';

/**
 * `providers: { pbx: { type: 'asterisk', url: 'https://…/ari', username: '…', password: '${env:ARI_PASSWORD}' } }` in a
 * configuration, with the options of {@link asterisk}.
 */
export const plugins: readonly Plugin[] = [
  definePlugin({
    kind: 'provider',
    type: 'asterisk',
    create: (options) => asterisk(optionsOf(options)),
    check: (options) => readConfig(options).problems,
  }),
];

/** What is wrong with them is told by `check`, and by the driver itself. */
function optionsOf(options: JsonObject): AsteriskOptions {
  return options as JsonObject & AsteriskOptions;
}
