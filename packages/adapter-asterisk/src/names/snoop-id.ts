import { createHash } from 'node:crypto';

/**
 * Id of the channel by which one file is recorded: the same for every process, so that a repeated start finds it. It has
 * the form of a UUID, because Asterisk takes an id with which another channel's id begins for one that is in use.
 */
export function snoopIdOf(correlation: string, label: string): string {
  const hex = createHash('sha256').update(`${correlation}/${label}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** First argument of our snoop channels' application, by which they are told from callers. */
export const snoopMark = 'onrecord';

/** `onrecord,<correlation>,<label>`: what a snoop channel carries, to be found again. */
export function snoopArguments(correlation: string, label: string): string {
  return [snoopMark, correlation, label].join(',');
}

/** Labels of the part's snoop channels, from the `app_data` that the server lists: `<app>,onrecord,<correlation>,<label>`. */
export function labelIn(appData: string | undefined, correlation: string): string | undefined {
  const [, mark, own, label] = appData?.split(',') ?? [];
  return mark === snoopMark && own === correlation ? label : undefined;
}
