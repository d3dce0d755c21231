import { type Json, OnRecordError, type PartTarget } from '@onrecord/core';
import { amountAt, type Incoming, isObject, objectAt, textAt } from '../json-reader.ts';
import type { FileOptions } from '../start-options.ts';

/** What the record keeps of a part, so that any process can go on with it: the names follow from it. */
export interface PartHandle extends FileOptions {
  readonly folder: string;
  /** Nothing is on the server until the part is resumed for the first time. */
  readonly startedPaused: boolean;
}

export function handleJson({ folder, startedPaused, ...options }: PartHandle): Json {
  return { folder, startedPaused, ...options };
}

/** @throws OnRecordError `invalid-state` while no start has brought one. */
export function handleOf(part: PartTarget): PartHandle {
  const handle = part.handle;
  const folder = isObject(handle) ? textAt(handle, 'folder') : undefined;
  const format = isObject(handle) ? formats.find((one) => one === handle['format']) : undefined;
  if (!isObject(handle) || folder === undefined || format === undefined) {
    throw new OnRecordError(
      'invalid-state',
      'The answer to this start was lost, so nothing is known of its files yet.',
      {
        blame: 'provider',
        remedy: 'Send the start again.',
        context: { correlation: part.correlation },
      },
    );
  }
  const terminateOn = keys.find((one) => one === handle['terminateOn']);
  return {
    folder,
    format,
    startedPaused: handle['startedPaused'] === true,
    ...seconds(handle, 'maxDurationSeconds'),
    ...seconds(handle, 'maxSilenceSeconds'),
    ...(terminateOn === undefined ? {} : { terminateOn }),
  };
}

const formats = ['wav', 'wav16', 'opus'] as const;
const keys = ['any', '*', '#'] as const;

function seconds<N extends string>(handle: Incoming, name: N): { readonly [K in N]?: number } {
  const value = amountAt(handle, name);
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: number };
}

/** What is known of one file of a part besides its name. */
export interface FileFacts {
  /** RFC 3339, our clock: when the server had taken it. */
  readonly begunAt?: string | undefined;
  /** RFC 3339, the server's clock, from its events. */
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  /** Why it failed, as the server says. */
  readonly failure?: string | undefined;
}

/** Names of the members of `Seen.facts`: one per observation, so that merging loses nothing. */
export const fact = {
  begun: (label: string): string => `begun/${label}`,
  started: (label: string): string => `started/${label}`,
  finished: (label: string): string => `finished/${label}`,
  failed: (label: string): string => `failed/${label}`,
} as const;

export function fileFacts({ facts = {} }: PartTarget, label: string): FileFacts {
  const text = (name: string) => textAt(facts, name);
  return {
    begunAt: text(fact.begun(label)),
    startedAt: text(fact.started(label)),
    finishedAt: text(fact.finished(label)),
    failure: text(fact.failed(label)),
  };
}

/** Labels of every file that is known to have begun. */
export function knownLabels({ facts = {} }: PartTarget): readonly string[] {
  const labels = Object.keys(objectAt({ facts }, 'facts')).flatMap((name) => {
    const [kind, label] = name.split('/');
    return label !== undefined && (kind === 'begun' || kind === 'started') ? [label] : [];
  });
  return [...new Set(labels)];
}
