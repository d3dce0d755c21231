import { containerUrlProblem } from './container-url.ts';
import { identifierProblem } from './identifier-problem.ts';
import { isRecord } from './shape.ts';

/** The first thing wrong with a start request that its table of fields cannot say. */
export function startRecordingProblem(body: Readonly<Record<string, unknown>>): string | undefined {
  const { externalStorage, audioChannelParticipantOrdering, channelAffinity } = body;
  if (isRecord(externalStorage) && externalStorage['recordingStorageKind'] === 'azureBlobStorage') {
    const problem = containerUrlProblem(externalStorage['recordingDestinationContainerUrl']);
    if (problem !== undefined) return problem;
  }
  for (const [index, participant] of list(audioChannelParticipantOrdering).entries()) {
    const problem = identifierProblem(participant, `audioChannelParticipantOrdering[${index}]`);
    if (problem !== undefined) return problem;
  }
  for (const [index, entry] of list(channelAffinity).entries()) {
    const participant = isRecord(entry) ? entry['participant'] : undefined;
    const problem = identifierProblem(participant, `channelAffinity[${index}].participant`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
