import type { PauseInterval } from '@onrecord/core';
import { rmsLevel } from '@onrecord/core/media';
import { VOICE_RATE } from '@onrecord/simulator';
import type { SpokenTurn } from '../cloud/conversation.ts';
import type { Capture, WallSpan } from '../cloud/scene.ts';
import { type Check, rounded } from './check.ts';
import { notched } from './notch.ts';
import type { TrackedFile } from './places.ts';
import type { RecordedFile } from './recorded-file.ts';
import type { FoundTurn } from './speech-checks.ts';

const TOLERANCE_MS = 50;
const SILENT_DBFS = -50;

/**
 * Each file is as long as the wall time that its provider captured into it. That time is the provider's own (its events
 * and journal), so that neither the file nor OnRecord says how long the file ought to be.
 */
export function duration(files: readonly RecordedFile[], { files: captured }: Capture): Check {
  const expected = captured.map((spans) => sum(spans.map(({ from, to }) => to - from)));
  const differences = files.map(({ durationMs }, index) => Math.abs(durationMs - (expected[index] ?? 0)));
  return {
    name: 'duration',
    claim: `Every file lasts as long as was captured, the omitted pause taken out, within ${TOLERANCE_MS} ms.`,
    passed: files.length > 0 && files.length === captured.length && Math.max(...differences) <= TOLERANCE_MS,
    measured: {
      files: files.length,
      expectedMs: expected.map((each) => rounded(each)).join(' + '),
      actualMs: files.map(({ durationMs }) => rounded(durationMs)).join(' + '),
      worstMs: rounded(Math.max(...differences)),
      limitMs: TOLERANCE_MS,
    },
  };
}

/**
 * Each turn lies in its file where the wall clock says: the time captured before it was said. The moment comes from the
 * telephone, the place from the matched filter; so a pause that was cut out too long or too short shows here even where
 * the whole file happens to be of the right length.
 */
export function positions(found: readonly FoundTurn[], spoken: readonly SpokenTurn[], { files }: Capture): Check {
  const offsets = found.map(({ turn, file, at }) => {
    const startedAt = spoken.find(({ samples }) => samples === turn.samples)?.startedAt ?? 0;
    return (at * 1000) / VOICE_RATE - mediaAt(files[file] ?? [], startedAt);
  });
  const worst = Math.max(...offsets.map(Math.abs));
  return {
    name: 'positions',
    claim: `Every turn lies where the wall clock says, less the omitted pause, within ${TOLERANCE_MS} ms.`,
    passed: offsets.length > 0 && worst <= TOLERANCE_MS,
    measured: { turns: offsets.length, worstMs: rounded(worst), limitMs: TOLERANCE_MS },
  };
}

/**
 * Files of one part begin one after the other: what their tracks say of it is what the provider's own times say. Undefined
 * where no part has several.
 */
export function trackOffsets(files: readonly TrackedFile[], capture: Capture): Check | undefined {
  const differences = files.flatMap(({ partId, tracks }, file) => {
    const first = files.findIndex((each) => each.partId === partId);
    if (first === file) return [];
    const [from, begun] = [capture.files[first]?.[0]?.from ?? Number.NaN, capture.files[file]?.[0]?.from ?? Number.NaN];
    const stated = tracks.map(({ offsetMs }) => offsetMs - (files[first]?.tracks[0]?.offsetMs ?? Number.NaN));
    return stated.map((offset) => Math.abs(offset - (begun - from)));
  });
  if (differences.length === 0) return undefined;
  const worst = Math.max(...differences);
  return {
    name: 'track-offsets',
    claim: `The files of a part begin as far apart as their tracks say, within ${TOLERANCE_MS} ms.`,
    passed: worst <= TOLERANCE_MS,
    measured: { files: files.length, worstMs: rounded(worst), limitMs: TOLERANCE_MS },
  };
}

/** What is in the recording of the time in which the card number was read: nothing, or silence with the pause's mark. */
export function cardWindow(files: readonly RecordedFile[], spoken: readonly SpokenTurn[], capture: Capture): Check {
  const cards = spoken.filter(({ card }) => card);
  let capturedMs = 0;
  let loudest = Number.NEGATIVE_INFINITY;
  for (const { startedAt, endedAt } of cards) {
    for (const [index, spans] of capture.files.entries()) {
      const [from, to] = [mediaAt(spans, startedAt), mediaAt(spans, endedAt)];
      capturedMs += to - from;
      if (to === from) continue;
      for (const { samples } of files[index]?.channels ?? []) {
        const window = samples.subarray((from * VOICE_RATE) / 1000, (to * VOICE_RATE) / 1000);
        const heard = capture.markHz === undefined ? window : notched(window, VOICE_RATE, capture.markHz);
        loudest = Math.max(loudest, rmsLevel(heard));
      }
    }
  }
  const cut = capturedMs === 0;
  return {
    name: 'card-window',
    claim: cut
      ? 'The time in which the card number was read is cut out.'
      : `The time in which the card number was read is silent, below ${SILENT_DBFS} dBFS, apart from the mark of the pause.`,
    passed: cards.length > 0 && (cut || loudest < SILENT_DBFS),
    measured: {
      windowMs: rounded(sum(cards.map(({ startedAt, endedAt }) => endedAt - startedAt))),
      inFileMs: rounded(capturedMs),
      ...(cut ? {} : { loudestDbfs: rounded(loudest), limitDbfs: SILENT_DBFS, notchHz: capture.markHz ?? 0 }),
    },
  };
}

/** The session's own record says of the pause that it began before the number was read and ended after. */
export function pauseMarks(pauses: readonly PauseInterval[], spoken: readonly SpokenTurn[]): Check {
  const margins = spoken
    .filter(({ card }) => card)
    .map(({ startedAt, endedAt }) => {
      const around = pauses.find(({ from, to }) => Date.parse(from) <= startedAt && to && Date.parse(to) >= endedAt);
      return around?.to === undefined
        ? undefined
        : { before: startedAt - Date.parse(around.from), after: Date.parse(around.to) - endedAt };
    });
  const [margin] = margins;
  return {
    name: 'pause-marks',
    claim: 'The session knows of a pause that began before the card number was read and ended after.',
    passed: margins.length > 0 && !margins.includes(undefined),
    measured: {
      pauses: pauses.length,
      ...(margin ? { beforeMs: rounded(margin.before), afterMs: rounded(margin.after) } : {}),
    },
  };
}

/** How much of a file was captured before a wall time, in ms. */
export function mediaAt(spans: readonly WallSpan[], wallMs: number): number {
  return sum(spans.map(({ from, to }) => Math.max(0, Math.min(wallMs, to) - from)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
