/**
 * Writes the provider table of README.md from the capability literals. `--check` writes nothing and fails when the
 * table is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asterisk22Capabilities } from '@onrecord/adapter-asterisk';
import { azureCapabilities, teamsPhoneCapabilities } from '@onrecord/adapter-azure';
import { chimeInsightsCapabilities, chimeMeetingCapabilities, chimeSmaCapabilities } from '@onrecord/adapter-chime';
import { type Capabilities, formatOutput } from '@onrecord/core';

const providers: readonly (readonly [string, Capabilities])[] = [
  ['Chime SIP media application', chimeSmaCapabilities],
  ['Chime meeting', chimeMeetingCapabilities],
  ['Chime call analytics', chimeInsightsCapabilities],
  ['Azure Call Automation', azureCapabilities],
  ['Azure, Teams Phone', teamsPhoneCapabilities],
  ['Asterisk 22', asterisk22Capabilities],
];

const rows: readonly (readonly [string, (capabilities: Capabilities) => string])[] = [
  ['calls', ({ calls }) => calls.map((kind) => `\`${kind}\``).join('<br>')],
  ['outputs', ({ outputs }) => outputs.map((output) => `\`${formatOutput(output)}\``).join('<br>')],
  [
    'pause',
    ({ pause }) => (pause ? `${pause.fidelity}: ${pause.effects.join(', ')}` : 'emulated by segments, if switched on'),
  ],
  ['start paused', ({ pause }) => (pause !== false && pause.startPaused ? 'yes' : 'no')],
  ['announce', ({ announce }) => (announce ? announce.sources.join(', ') : 'no: the application vouches for consent')],
  ['discard', ({ discard }) => discard || 'no'],
  ['starts', ({ starts }) => `${starts.concurrent} at a time, ${starts.total} per ${starts.scope}`],
  ['stop is confirmed by', ({ confirms }) => confirms.stop.join(', ')],
  [
    'a start whose answer was lost',
    ({ lookup }) =>
      ({ token: 'is sent again, and done once', list: 'is looked for', none: 'shows in its events only' })[lookup],
  ],
  ['state can be asked', ({ status }) => (status ? 'yes' : 'no')],
  [
    'media is held by',
    ({ custody }) =>
      ({ provider: 'the provider', landing: 'your bucket', either: 'the provider, or your bucket' })[custody],
  ],
  [
    'kept for',
    ({ hostedForMs, custody }) =>
      hostedForMs === undefined
        ? 'as long as you keep it'
        : `${hostedForMs / 3_600_000} h${custody === 'either' ? ', in your bucket as long as you keep it' : ''}`,
  ],
];

const table = [
  `| | ${providers.map(([name]) => name).join(' | ')} |`,
  `| --- |${' --- |'.repeat(providers.length)}`,
  ...rows.map(([label, cell]) => `| ${label} | ${providers.map(([, own]) => cell(own)).join(' | ')} |`),
].join('\n');

const page = fileURLToPath(new URL('../README.md', import.meta.url));
const before = readFileSync(page, 'utf8');
const after = before.replace(
  /(<!-- providers:begin[^>]*-->\n)[\s\S]*?(<!-- providers:end -->)/,
  (_, begin: string, end: string) => `${begin}${table}\n${end}`,
);
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md: the provider table is out of date; run `npm run providers`.');
    process.exitCode = 1;
  }
} else writeFileSync(page, after);
