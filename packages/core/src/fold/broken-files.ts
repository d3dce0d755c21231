import type { SessionRecord } from '../session/record.ts';
import type { Anomaly, Artifact } from '../session/snapshot.ts';
import { breakOffOf, repairedId } from './artifacts.ts';

/** Whether a file breaks off and is taken as it is. */
export function isBrokenOff({ transfers }: SessionRecord, mediaKey: string): boolean {
  return transfers.some((transfer) => transfer.mediaKey === mediaKey && breakOffOf(transfer) !== undefined);
}

/** Files that break off and are kept as they are, and those that hold no audio at all. */
export function brokenFiles(record: SessionRecord, artifacts: readonly Artifact[]): readonly Anomaly[] {
  return record.transfers.flatMap((transfer): readonly Anomaly[] => {
    const { mediaKey, state } = transfer;
    const brokenOff = breakOffOf(transfer);
    const file = artifacts.find((artifact) => artifact.mediaKey === mediaKey);
    if (!file || !brokenOff) return [];
    const { id, partId, durationMs } = file;
    if (state === 'empty') {
      return [{ code: 'broken-off', message: `The file ${id} holds no audio: ${brokenOff.problem}.`, partId }];
    }
    const isRepaired = artifacts.some((artifact) => artifact.id === repairedId(id) && artifact.state === 'stored');
    const unrepairable = brokenOff.unrepairable === undefined ? '' : ` It was not repaired: ${brokenOff.unrepairable}`;
    const where = isRepaired ? `, which ${repairedId(id)} plays` : '';
    const held = durationMs === undefined ? 'Nobody can tell how much is in it' : `It holds ${durationMs} ms`;
    const message = `The file ${id} breaks off: ${brokenOff.problem}. ${held}${where}.${unrepairable}`;
    return [{ code: 'broken-off', message, partId }];
  });
}
