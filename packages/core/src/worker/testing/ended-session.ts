import { createSession } from '../../engine/create-session.ts';
import { newSessionId } from '../../engine/ids.ts';
import { routeReports } from '../../engine/route-reports.ts';
import { acceptCommand, markSent } from '../../engine/settle-command.ts';
import { correlationOf, type MediaSighting } from '../../report/report.ts';
import type { SessionStore } from '../../session-store/session-store.ts';
import { fileReport } from './hosting-driver.ts';

/** A session in a store that ended just now, with a file at its provider; its id. */
export async function endedSession(
  store: SessionStore,
  uri: string,
  file: Partial<MediaSighting> = {},
): Promise<string> {
  const now = Date.now();
  const id = newSessionId(now);
  const call = { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} } as const;
  const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
  const session = { id, provider: 'main', deployment: 'test', call, output, idempotencyKey: id };
  const record = createSession({ ...session, archive: { mode: 'move' } }, now);
  const start = record.commands[0]!.id;
  const taken = acceptCommand(markSent(record, start, now), start, { kind: 'accepted', handle: 'h' }, now);
  await store.create(taken.record, []);
  const report = fileReport(correlationOf(id, 'p1'), uri, now);
  const media = report.seen.media?.map((sighting) => ({ ...sighting, ...file }));
  await routeReports(store, 'main', [{ ...report, seen: { ...report.seen, media } }], now);
  return id;
}
