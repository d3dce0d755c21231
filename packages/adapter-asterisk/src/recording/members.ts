import type { Target } from '../call-ref.ts';
import { isGone } from '../client/ari-error.ts';
import { isObject, textAt, textsAt } from '../json-reader.ts';
import { ask, type Work } from './work.ts';

/** Channels that Asterisk makes for itself: listeners in, recorders and players. */
const machines = /^(Snoop|Recorder|Announcer|CBRec|CBAnn)\//;

/** Whether a channel of this name is a machine of Asterisk, and nobody who takes part. */
export function isMachine(channelName: string | undefined): boolean {
  return channelName !== undefined && machines.test(channelName);
}

/**
 * Ids of the channels on the call; undefined when it is over. Asterisk lists no recorders and players there. A channel
 * is on a call with everybody who shares its bridge, be that one of the dialplan.
 */
export async function membersOf(work: Work, target: Target): Promise<readonly string[] | undefined> {
  if (target.kind === 'bridge') return bridgeMembers(work, target.id);
  if (!(await exists(work, ['channels', target.id]))) return undefined;
  return (await bridgeOf(work, target.id))?.channels ?? [target.id];
}

/** The bridge that a channel is on, of whatever kind. */
export async function bridgeOf(
  work: Work,
  channel: string,
): Promise<{ readonly id: string; readonly channels: readonly string[] } | undefined> {
  const bridges = await ask(work, 'GET', ['bridges']);
  return (Array.isArray(bridges) ? bridges : [])
    .filter(isObject)
    .map((bridge) => ({ id: textAt(bridge, 'id') ?? '', channels: textsAt(bridge, 'channels') }))
    .find(({ id, channels }) => id !== '' && channels.includes(channel));
}

/** Whether nothing can be recorded any more: the channel hung up, or the bridge is gone or empty. */
export async function isOver(work: Work, target: Target): Promise<boolean> {
  if (target.kind === 'channel') return !(await exists(work, ['channels', target.id]));
  const members = await bridgeMembers(work, target.id);
  return members === undefined || members.length === 0;
}

/** Whether the server knows it. @throws AriError for any other answer than yes or no. */
export async function exists(work: Work, path: readonly string[]): Promise<boolean> {
  try {
    await ask(work, 'GET', path);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

async function bridgeMembers(work: Work, id: string): Promise<readonly string[] | undefined> {
  try {
    const bridge = await ask(work, 'GET', ['bridges', id]);
    return isObject(bridge) ? textsAt(bridge, 'channels') : [];
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
