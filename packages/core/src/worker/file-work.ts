import { errorFields } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import { lane } from './lane.ts';
import { describeSession } from './settle-transfer.ts';
import { transferFile } from './transfer-file.ts';
import { outstandingFiles, transferAt } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';
import { manifestWait, wantsManifest } from './write-manifest.ts';

/** What takes long: files on their way. A few at once, least time to expiry first. */
export interface FileWork {
  /** Takes up what is to be moved or described of a session. */
  take(record: SessionRecord, signal: AbortSignal): void;
  idle(): Promise<void>;
}

export function fileWork(context: WorkerContext): FileWork {
  const { clock, logger, archive } = context;
  const files = lane(context.transfers, (error, name) => {
    logger.error({ err: errorFields(error), file: name }, 'worker: a transfer could not be written down');
  });
  return {
    take(record, signal) {
      const outstanding = outstandingFiles(record);
      const describe = wantsManifest(record);
      if (!archive) {
        if (outstanding.length === 0 && !describe) return;
        logger.error(
          { sessionId: record.id, files: outstanding.length },
          'worker: a session wants an archive, and this worker has none: give it the archive of the recorder',
        );
        return;
      }
      for (const file of outstanding) {
        if (transferAt(record, file) > clock.now()) continue;
        files.add({
          name: `${record.id}/${file.mediaKey}`,
          urgency: file.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(file.expiresAt),
          run: () => transferFile(context, record.id, file.mediaKey, signal),
        });
      }
      if (!describe || manifestWait(context, record) > 0) return;
      files.add({
        name: `${record.id}/manifest`,
        urgency: 0,
        run: () => describeSession(context, archive, record.id, signal),
      });
    },
    idle: () => files.idle(),
  };
}
