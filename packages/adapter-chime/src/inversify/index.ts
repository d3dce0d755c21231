import type { JsonObject } from '@onrecord/core';
import { definePlugin, type Plugin } from '@onrecord/core/inversify';
import { type ChimeSmaOptions, chimeSmaProblems } from '../control/config.ts';
import { chimeSma } from '../control/driver.ts';
import { type ChimeInsightsOptions, chimeInsightsProblems } from '../insights/config.ts';
import { chimeInsights } from '../insights/driver.ts';
import { type ChimeMeetingOptions, chimeMeetingProblems } from '../meeting/config.ts';
import { chimeMeeting } from '../meeting/driver.ts';

/** `type: 'chime-sma'`, `chime-meeting` and `chime-insights` in a configuration, with the options of the factories. */
export const plugins: readonly Plugin[] = [
  definePlugin({
    kind: 'provider',
    type: 'chime-sma',
    create: (options) => chimeSma(options as JsonObject & ChimeSmaOptions),
    check: chimeSmaProblems,
  }),
  definePlugin({
    kind: 'provider',
    type: 'chime-meeting',
    create: (options, { name }) => chimeMeeting({ instance: name, ...(options as JsonObject & ChimeMeetingOptions) }),
    check: chimeMeetingProblems,
  }),
  definePlugin({
    kind: 'provider',
    type: 'chime-insights',
    create: (options, { name }) => chimeInsights({ instance: name, ...(options as JsonObject & ChimeInsightsOptions) }),
    check: chimeInsightsProblems,
  }),
];
