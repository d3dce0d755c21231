import { systemClock } from '@onrecord/core';
import type { WallSpan } from '../scene.ts';
import type { Observer } from './observer.ts';
import type { Wiretap } from './wiretap.ts';

/**
 * For each file, in the order of their names, the stretches of wall time that the server recorded into it: by its own
 * events when it began and ended; by its own answers when it was paused, for of that Asterisk tells in no event.
 *
 * @param folder of the recordings; others on the server are passed over.
 */
export function captured(
  observer: Pick<Observer, 'events' | 'at'>,
  wiretap: Pick<Wiretap, 'answers'>,
  folder: string,
): readonly (readonly WallSpan[])[] {
  const files = new Map<string, WallSpan>();
  for (const event of observer.events) {
    const name = event.recording?.name;
    const known = name === undefined ? undefined : files.get(name);
    if (name === undefined || !name.startsWith(`${folder}/`)) continue;
    const at = observer.at(event);
    if (event.type === 'RecordingStarted' && !known) files.set(name, { from: at, to: systemClock.now() });
    if (event.type === 'RecordingFinished' && known) files.set(name, { from: known.from, to: at });
  }
  return [...files]
    .toSorted(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }))
    .map(([name, whole]) => without(whole, pausesOf(wiretap, name)));
}

function pausesOf({ answers }: Pick<Wiretap, 'answers'>, name: string): readonly WallSpan[] {
  const path = `/recordings/live/${encodeURIComponent(name)}/pause`;
  const pauses: WallSpan[] = [];
  let from: number | undefined;
  for (const { asked, status, at } of answers) {
    if (status !== 204) continue;
    if (asked === `POST ${path}`) from ??= at;
    if (asked !== `DELETE ${path}` || from === undefined) continue;
    pauses.push({ from, to: at });
    from = undefined;
  }
  return from === undefined ? pauses : [...pauses, { from, to: Number.POSITIVE_INFINITY }];
}

function without({ from, to }: WallSpan, pauses: readonly WallSpan[]): readonly WallSpan[] {
  const spans: WallSpan[] = [];
  let at = from;
  for (const pause of pauses) {
    spans.push({ from: at, to: Math.min(to, pause.from) });
    at = Math.min(to, pause.to);
  }
  return at < to ? [...spans, { from: at, to }] : spans;
}
