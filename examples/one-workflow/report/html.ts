import { readFileSync } from 'node:fs';
import type { Run } from '../cloud/run-provider.ts';
import type { Measured } from '../measure/measure-run.ts';
import { escaped } from './escape.ts';
import { figure } from './figure.ts';
import { type Result, succeeded } from './result.ts';
import { style } from './style.ts';
import { checksTable, eventsTable, filesTable, pausesTable, tracksTable } from './tables.ts';

/** One provider in the report; without run and measurement where it broke off. */
export interface ReportEntry {
  readonly result: Result;
  readonly run?: Run | undefined;
  readonly measured?: Measured | undefined;
}

const names: Readonly<Record<string, string>> = {
  'chime-sma': 'Amazon Chime SDK: SIP media application',
  'chime-meeting': 'Amazon Chime SDK: meeting',
  azure: 'Azure Communication Services: Call Automation',
  asterisk: 'Asterisk over ARI',
};

const effects: Readonly<Record<string, string>> = {
  omitted: 'cut out of the file',
  silence: 'silence in the file, between two marks',
  segmented: 'one file ends, another begins',
};

/** The report as one page, pictures and sound included: it fetches nothing. */
export function html(entries: readonly ReportEntry[]): string {
  const checks = entries.flatMap(({ result }) => result.checks);
  const passed = checks.filter((check) => check.passed).length;
  const fine = entries.every(({ result }) => succeeded(result));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>OnRecord: one workflow, ${entries.length === 1 ? 'one provider' : `${entries.length} providers`}</title><style>${style}</style></head><body>
<svg width="0" height="0" style="position:absolute"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.6" height="6" fill="#c8322b" opacity=".32"/></pattern></defs></svg>
<main><h1>One workflow, recorded on ${entries.length === 1 ? 'one provider' : `${entries.length} providers`}</h1>
<p>The same conversation, recorded by <code>examples/one-workflow/workflow.ts</code>; which provider records is configuration.
The caller reads a card number while the recording is paused. Everything below was measured on the files in the archive.
${escaped(whatRecorded(entries))}</p>
<p><span class="pill${fine ? '' : ' bad'}">${fine ? 'All recorded' : 'Not all is well'}</span> &nbsp;${passed} of ${checks.length} checks passed · ${escaped(new Date().toISOString().slice(0, 16).replace('T', ' '))} UTC</p>
${entries.map(section).join('\n')}
</main></body></html>
`;
}

/** Which of them were real. */
function whatRecorded(entries: readonly ReportEntry[]): string {
  const real = entries.flatMap(({ result: { server } }) => server ?? []);
  const simulated =
    'The clouds were simulators on this machine, the SDKs between them and the workflow the vendors’ own.';
  const server = `${real.join(', ')} is the real server, and what the telephones said went to it as RTP.`;
  if (real.length === 0) return simulated;
  return real.length === entries.length ? server : `${simulated} ${server}`;
}

function section({ result, run, measured }: ReportEntry): string {
  const { provider, state, verdict, error } = result;
  const head = `<div class="head"><h2>${escaped(names[provider] ?? provider)}</h2><span><span class="pill${succeeded(result) ? '' : ' bad'}">${escaped(state)}, ${escaped(verdict)}</span></span></div>`;
  if (!run || !measured)
    return `<section id="${escaped(provider)}">${head}<p class="no">${escaped(error ?? '')}</p></section>`;
  const startedAt = Math.min(...run.events.map(({ time }) => Date.parse(time)));
  return `<section id="${escaped(provider)}">${head}
${facts(result, run)}
${figure(run, measured)}
${players(measured)}
<h3>What was checked</h3>${checksTable(result.checks)}
<h3>Pauses, as the session knows them (seconds after its first event)</h3>${pausesTable(result, startedAt)}
<h3>Tracks</h3>${tracksTable(result)}
<h3>Files in the archive</h3>${filesTable(result)}
<details><summary>Event log, ${run.events.length} events (seconds after the first)</summary>${eventsTable(run, startedAt)}</details>
</section>`;
}

function facts(
  { sessionId, server, repeated, emulated, pauses, endReason }: Result,
  { record, startUp, processes, problems }: Run,
): string {
  const { media, layout, container } = record.output;
  const consent = record.consent?.basis === 'announced' ? 'announced on the call' : 'the application vouches for it';
  const rows: readonly (readonly [string, string])[] = [
    ...(server === undefined ? [] : [['Recorded by', escaped(server)] as const]),
    ...(repeated === undefined ? [] : [['Recorded again', escaped(`Of the first one ${repeated}.`)] as const]),
    ['Recorded as', `${media}, ${layout}, ${container}`],
    ['Pause', [...new Set(pauses.map(({ effect }) => effects[effect] ?? effect))].join('; ') || 'none'],
    ['Emulated', emulated.map((each) => `<span class="mark">${escaped(each)}</span>`).join(' ') || 'nothing'],
    ['Does without', startUp?.missing.map(escaped).join(', ') || 'nothing that the workflow would like'],
    ['Consent', consent],
    ['Ended', escaped(endReason ?? '')],
    ['Processes', processes.map(({ role, pid }) => `${escaped(role)} <span class="soft">(${pid})</span>`).join(', ')],
    ['Session', `<code>${escaped(sessionId)}</code>`],
    ...(problems.length > 0 ? [['Went wrong', escaped(problems.join('; '))] as const] : []),
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;
}

function players({ files }: Measured): string {
  return files
    .map(({ path }) => {
      const type = path.endsWith('.mp4') ? 'audio/mp4' : 'audio/wav';
      const data = readFileSync(path).toString('base64');
      return `<audio controls preload="metadata" src="data:${type};base64,${data}"></audio>`;
    })
    .join('');
}
