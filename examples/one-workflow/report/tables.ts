import type { Run } from '../cloud/run-provider.ts';
import type { Check } from '../measure/check.ts';
import { speakerOf } from '../measure/places.ts';
import { escaped } from './escape.ts';
import type { Result } from './result.ts';
import { seconds } from './scale.ts';

export function checksTable(checks: readonly Check[]): string {
  const rows = checks.map(({ passed, claim, measured }) => {
    const numbers = Object.entries(measured).map(
      ([name, value]) => `<span><i>${escaped(inWords(name))}</i> <b>${escaped(value)}</b></span>`,
    );
    return `<tr><td class="${passed ? 'yes' : 'no'}">${passed ? '✓' : '✗'}</td><td>${escaped(claim)}<div class="measured">${numbers.join('')}</div></td></tr>`;
  });
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

export function tracksTable({ tracks }: Result): string {
  const rows = tracks.map(
    (track) =>
      `<tr><td>${escaped(nameOf(track.path))}</td><td class="number">${escaped(track.channel ?? 'only one')}</td>` +
      `<td>${escaped(track.from)}</td><td>${escaped(speakerOf(track) ?? 'both')}</td><td>${escaped(track.participant ?? '')}</td>` +
      `<td>${escaped(track.prompts)}</td></tr>`,
  );
  return table(['File', '#Channel', 'Voice', 'In this call', 'Participant', 'Announcements'], rows);
}

export function filesTable({ artifacts }: Result): string {
  const rows = artifacts.map(
    ({ role, path, mediaType, bytes, durationMs, channels, sha256 }) =>
      `<tr><td>${escaped(role)}</td><td><span class="mono">${escaped(path)}</span><br><span class="mono soft">sha256 ${escaped(sha256 ?? '')}</span></td>` +
      `<td>${escaped(mediaType)}</td><td class="number">${escaped((bytes ?? 0).toLocaleString('en'))}</td>` +
      `<td class="number">${durationMs === undefined ? '' : escaped(seconds(durationMs, 3))}</td><td class="number">${escaped(channels ?? '')}</td></tr>`,
  );
  return table(['Role', 'File and digest', 'Type', '#Bytes', '#Length', '#Channels'], rows);
}

export function pausesTable({ pauses }: Result, startedAt: number): string {
  const rows = pauses.map(
    ({ from, to, effect, precision, partId }) =>
      `<tr><td class="number">${escaped(seconds(Date.parse(from) - startedAt, 3))}</td>` +
      `<td class="number">${to === undefined ? 'open' : escaped(seconds(Date.parse(to) - startedAt, 3))}</td>` +
      `<td>${escaped(effect)}</td><td>${escaped(precision)}</td><td>${escaped(partId)}</td></tr>`,
  );
  return table(['#From', '#To', 'In the file', 'Known from', 'Part'], rows);
}

export function eventsTable({ events }: Run, startedAt: number): string {
  const rows = events
    .toSorted((left, right) => Number(left.sequence) - Number(right.sequence))
    .map(
      ({ sequence, time, type, data }) =>
        `<tr><td class="number">${escaped(sequence)}</td><td class="number">${escaped(seconds(Date.parse(time) - startedAt, 3))}</td>` +
        `<td class="mono">${escaped(type.replace(/^dev\.onrecord\./, ''))}</td><td class="mono soft">${escaped(brief(data))}</td></tr>`,
    );
  return `<div class="scroll">${table(['#No.', '#Time', 'Event', 'Data'], rows)}</div>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const cells = heads.map((head) =>
    head.startsWith('#') ? `<th class="number">${escaped(head.slice(1))}</th>` : `<th>${escaped(head)}</th>`,
  );
  return `<table><thead><tr>${cells.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** The last part of a path. */
function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** `callerApartDb` as `caller apart dB`. */
function inWords(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\bdb\b/, 'dB')
    .replace(/\bdbfs\b/, 'dBFS')
    .replace(/\bhz\b/, 'Hz');
}

function brief(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .filter(([name]) => !['sha256', 'location', 'inferred'].includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join('  ');
}
