import { type AzureBehaviour, defaultBehaviour } from '@onrecord/simulator';
import { z } from 'zod';
import { UsageError } from '../../usage-error.ts';

/** What is one of a few values; everything else has the type of its default. */
const choices = {
  startStatus: z.literal([200, 202]),
  duplicateStart: z.enum(['8553', '8559']),
  overlappingCommands: z.enum(['queue', 'conflict']),
  redundantCommands: z.enum(['accept', 'refuse']),
  endedWithCall: z.enum(['8501', '8522', '8528']),
  repeatabilityMismatch: z.literal([400, 409]),
  roomStart: z.enum(['8520', '8523', 'accept']),
  unknownGroupCall: z.enum(['8522', '8543', '8548']),
  unknownIncomingCall: z.enum(['8522', '8523']),
  teamsPhoneLocatorStart: z.enum(['8520', '8523', 'accept']),
  teamsPhoneStartStatus: z.literal([200, 202, 204]),
  teamsPhoneRecordingId: z.enum(['in-answer', 'in-event']),
  teamsPhoneOutputs: z.enum(['audio-wav', 'all']),
  teamsPhonePauseOnStart: z.enum(['accept', 'refuse']),
  teamsPhoneChannels: z.enum(['accept', 'refuse']),
  teamsPhoneRecordingKind: z.enum(['azureCommunicationServices', 'teams', 'teamsCompliance']),
  teamsPhoneAnnouncements: z.enum(['recorded', 'unrecorded', 'none']),
  speechWithoutAi: z.enum(['refuse', 'play-failed']),
  unmixedChannels: z.enum(['assigned', 'five']),
  durations: z.enum(['media', 'wall']),
  blobNames: z.enum(['documented', 'without-document-id']),
  blobDeleteLocation: z.enum(['blob', 'none']),
  fileEvents: z.enum(['one', 'per-file']),
  subject: z.enum(['server-call-and-recording', 'recording', 'server-call', 'call']),
  eventShape: z.enum(['current', '2022']),
  connectBurst: z.enum(['single', 'one-array']),
  extraVoices: z.enum(['unrecorded', 'on-last-channel']),
  byteRanges: z.enum(['honoured', 'ignored']),
  metadataTypes: z.enum(['swapped', 'documented']),
  metadataSampleRate: z.enum(['number', 'string']),
  fileOrder: z.enum(['ascending', 'descending']),
  fileEventFields: z.enum(['current', 'documented']),
  failOverEvents: z.enum(['one-each', 'together']),
} satisfies { readonly [K in keyof AzureBehaviour]?: z.ZodType<AzureBehaviour[K]> };

const shapes: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(defaultBehaviour).map(([name, value]) => [
    name,
    Object.hasOwn(choices, name) ? choices[name as keyof typeof choices] : likeDefault(value),
  ]),
);

function likeDefault(value: AzureBehaviour[keyof AzureBehaviour]): z.ZodType {
  if (typeof value === 'boolean') return z.boolean();
  return typeof value === 'number' ? z.number().min(0) : z.string().min(1);
}

const behaviour = z.strictObject(shapes).partial();

/**
 * `name=value` each, as of `AzureBehaviour` of the simulator; times in milliseconds.
 * @throws UsageError that lists everything wrong.
 */
export function behaviourOption(given: readonly string[]): Partial<AzureBehaviour> {
  const pairs = given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--azure-behaviour takes name=value, not ${text}.`);
    return [text.slice(0, at), readValue(text.slice(at + 1), text.slice(0, at))] as const;
  });
  const result = behaviour.safeParse(Object.fromEntries(pairs));
  if (result.success) return result.data as Partial<AzureBehaviour>;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'names'}: ${message}`);
  throw new UsageError(
    `--azure-behaviour is wrong:\n- ${problems.join('\n- ')}\nThere are ${Object.keys(shapes).join(', ')}.`,
  );
}

/** Sub-codes are texts, though they look like numbers. */
function readValue(text: string, name: string): unknown {
  if (shapes[name]?.safeParse(text).success) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
