import { formatOutput, sameOutput } from '@onrecord/core';
import type { Remarks, Suite } from '../case.ts';
import { eventCases } from './event-cases.ts';
import { fileCases } from './file-cases.ts';
import type { RecordingFacts, RecordingHarness } from './harness.ts';
import { pauseCases } from './pause-cases.ts';
import { restartCases } from './restart-cases.ts';
import { secureCases } from './secure-cases.ts';
import { startCases } from './start-cases.ts';
import { stopCases } from './stop-cases.ts';

export * from './harness.ts';
export { APART_DB, PRESENT_DBFS, SECRET, VOICE } from './voices.ts';

/** What every recording driver keeps to, through the recorder that applications use. */
export const recordingSuite: Suite<RecordingHarness, RecordingFacts> = {
  name: 'recording',
  version: 'v1',
  remarks,
  cases: [...startCases, ...pauseCases, ...secureCases, ...stopCases, ...fileCases, ...eventCases, ...restartCases],
};

function remarks({ media, unproven = [], announcement, capabilities }: RecordingFacts): Remarks {
  const { pause, discard, announce, outputs } = capabilities;
  const pictures = outputs.filter(
    (output) => output.media === 'audio-video' && !unproven.some((other) => sameOutput(other.output, output)),
  );
  return {
    unproven: [
      ...(media ? [] : ['media: the harness cannot decode its files']),
      ...unproven.map(({ output, why }) => `${formatOutput(output)}: ${why}`),
      ...pictures.map((output) => `${formatOutput(output)}: the picture; only sound is measured`),
      ...(announce === false || announcement ? [] : ['announce: the harness plays no announcement']),
    ],
    emulated: [
      ...(pause !== false && pause.fidelity === 'emulated' ? [`pause (${pause.effects.join(', ')})`] : []),
      ...(discard === 'emulated' ? ['discard'] : []),
      ...(announce !== false && announce.fidelity === 'emulated' ? ['announce'] : []),
    ],
  };
}
