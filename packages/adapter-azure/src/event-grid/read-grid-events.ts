import type { Parsed } from '@onrecord/core';
import { readBatch } from '../batch.ts';
import { isObject } from '../json-reader.ts';
import { type FileSetting, fileStatusReport, subjectOf } from './map-file-status.ts';

/**
 * The events of Event Grid in either schema, however they came. Every other type is counted and looked at no further:
 * an `IncomingCall` holds what answers a call.
 */
export function readGridEvents(elements: readonly unknown[], setting: FileSetting): Parsed {
  return readBatch(elements, {
    nowMs: setting.nowMs,
    read: ({ type, event }) =>
      type === 'Microsoft.Communication.RecordingFileStatusUpdated'
        ? { reports: [fileStatusReport(event, setting)] }
        : undefined,
    subjectOf: (element) => (isObject(element) ? subjectOf(element) : undefined),
  });
}
