import type { EventSink, RecordingEvent } from '../events/event.ts';
import type { Logger } from '../log.ts';

/** What an operator has to know of without reading events: the level, and what the line says. */
const told: ReadonlyMap<string, readonly ['warn' | 'error', string]> = new Map([
  ['dev.onrecord.recording.failed.v1', ['error', 'recording: it failed']],
  ['dev.onrecord.recording.missing.v1', ['error', 'recording: no file of it is there']],
  ['dev.onrecord.recording.recovered.v1', ['warn', 'recording: a file of it turned up after all']],
  ['dev.onrecord.recording.anomaly.v1', ['warn', 'recording: something is wrong with it']],
  ['dev.onrecord.artifact.missing.v1', ['error', 'recording: one of its files is gone']],
  [
    'dev.onrecord.artifact.expiring.v1',
    ['error', 'recording: a file will be deleted soon, and nobody has a copy of it'],
  ],
  ['dev.onrecord.command.refused.v1', ['warn', 'recording: a command was refused']],
]);

/** Writes into the log what went wrong with a recording, whoever noticed it, for those who read nothing else. */
export function logSink(logger: Logger): EventSink {
  return {
    name: 'log',
    async deliver({ type, subject, data, id }: RecordingEvent) {
      const line = told.get(type);
      if (!line) return;
      const [level, message] = line;
      logger[level]({ sessionId: subject, eventId: id, data }, message);
    },
  };
}
