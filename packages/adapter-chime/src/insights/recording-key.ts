/** What the key of a recording says that a Voice Connector made. */
export interface ConnectorRecordingKey {
  /** Everything before, without a slash at its end. */
  readonly prefix: string;
  readonly voiceConnectorId: string;
  readonly transactionId: string;
  /** RFC 3339; the key is taken to be in UTC. */
  readonly startedAt: string;
  readonly container: 'wav' | 'ogg';
  readonly enhanced: boolean;
}

const pattern =
  /^(?:(.+)\/)?([^/]+)\/([^/_]+)_(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d{3})(_enhanced)?\.(wav|ogg)$/;

/**
 * Reads `<Destination>/<voiceConnectorId>/<transactionId>_YYYY-MM-DD-HH-MM-SS-mmm.wav` or `.ogg`, from its end: the prefix
 * may hold anything. Undefined for other keys.
 */
export function parseConnectorKey(key: string): ConnectorRecordingKey | undefined {
  const match = pattern.exec(key);
  if (!match) return undefined;
  const [, prefix = '', voiceConnectorId, transactionId, ...rest] = match;
  const [year, month, day, hour, minute, second, ms] = rest;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  if (Number.isNaN(at)) return undefined;
  return {
    prefix,
    voiceConnectorId: voiceConnectorId!,
    transactionId: transactionId!,
    startedAt: new Date(at).toISOString(),
    container: match[12] === 'ogg' ? 'ogg' : 'wav',
    enhanced: match[11] !== undefined,
  };
}

/** Ends the name of a file whose voices were enhanced. */
export const enhancedSuffix = '_enhanced';
