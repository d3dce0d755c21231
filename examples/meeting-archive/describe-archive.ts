import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './simulated-meeting.ts';

/** What happened, for people. */
export function describeArchive({ record, requests, chunks }: Outcome): string {
  const { snapshot } = record;
  const counted = Object.entries(Object.groupBy(requests, (operation) => operation));
  const lines = [
    `session ${record.id}: ${snapshot.state}, recording ${snapshot.verdict}`,
    ...snapshot.parts.map(({ id, startedAt, endedAt }) => `  ${id}  ${time(startedAt)} to ${time(endedAt)}`),
    `requests: ${counted.map(([operation, all]) => `${all?.length} ${operation}`).join(', ')}`,
    'files:',
    ...snapshot.artifacts.map(({ role, durationMs, location, source }) => {
      const lasts = durationMs === undefined ? '' : `, ${(durationMs / 1_000).toFixed(1)} s`;
      return `  ${relative('.', fileURLToPath(location))}\n    ${role}${lasts}, from ${source}`;
    }),
    `chunks that stay in the bucket: ${chunks}`,
    snapshot.anomalies.length === 0 ? 'nothing is odd' : 'what is odd:',
    ...snapshot.anomalies.map(({ code, message }) => `  ${code}: ${message}`),
  ];
  return lines.join('\n');
}

function time(at: string | undefined): string {
  return at?.slice(11, 23) ?? '?';
}
