/** What a recording's name says: whose file it is, and which. */
export interface RecordingName {
  readonly folder: string;
  /** `<sessionId>.<partId>` */
  readonly correlation: string;
  readonly label: string;
}

const pattern = /^(?<folder>.+)\/(?<correlation>[0-9a-f-]{36}\.p[1-9]\d{0,4})\/(?<label>[A-Za-z0-9_~-]+)$/;

/** The name that a file has on the server: it alone tells later which recording the file belongs to. */
export function recordingName({ folder, correlation, label }: RecordingName): string {
  return `${folder}/${correlation}/${label}`;
}

/** Undefined for recordings that are not ours. */
export function parseRecordingName(name: string): RecordingName | undefined {
  const groups = pattern.exec(name)?.groups;
  if (!groups) return undefined;
  const { folder = '', correlation = '', label = '' } = groups;
  return { folder, correlation, label };
}
