import type { CallAnnounced, CallAnnouncementFailed, CallNotice, SecureNotice } from '../call/call-notice.ts';
import type { CallRef } from '../call/call-ref.ts';
import type { Requirement } from '../capabilities/requirement.ts';
import { timestamp } from '../clock.ts';
import type { EventSink, RecordingEvent } from '../events/event.ts';
import { announcementFailed, announcementsOf, failureNoticeId } from '../recorder/call-announcements.ts';
import { sessionsOfCall } from '../recorder/call-sessions.ts';
import type { StartRules } from '../recorder/check-start.ts';
import type { RecorderContext } from '../recorder/recorder-context.ts';
import { executeTurn, openedByTurn } from './execute-turn.ts';
import type { Flow } from './flow.ts';
import { runInsideTurn } from './inside-turn.ts';
import { openJournal } from './notice-journal.ts';
import { openTurn } from './open-turn.ts';
import type { TurnCommand } from './turn-command.ts';

/** Runs one flow for a direct provider. */
export interface FlowHost {
  /**
   * Lets the flow handle a notice, and carries out what it asked for. A notice that comes again, here or in another
   * process, is handled once; a process that dies half-way leaves the rest to the redelivery.
   * @throws what the flow throws; OnRecordError `unavailable` while another process handles the same notice.
   */
  handle(notice: CallNotice): Promise<void>;
  /** Brings the flow its events, and the notices of `turn.secure`: for the worker that delivers them. */
  readonly sink: EventSink;
}

/** How long it is known that an announcement was told of: as long as that it was asked for. */
const keptMs = 90 * 24 * 3_600_000;

/** Notices that follow from a notice, and from those: a flow that repeats what fails is stopped here. */
const longestChain = 5;

const secureNotices: { readonly [type: string]: SecureNotice['type'] } = {
  'dev.onrecord.secure.entered.v1': 'secure.entered',
  'dev.onrecord.secure.refused.v1': 'secure.refused',
  'dev.onrecord.secure.expired.v1': 'secure.expired',
};

export function flowHost<R extends Requirement>(
  context: RecorderContext,
  flow: Flow<R>,
  defaults: Pick<StartRules, 'output' | 'pauseEffect'>,
): FlowHost {
  const { store, clock, logger, instance } = context;
  /** The end of what is queued per call: notices of one call are handled one after the other. */
  const queues = new Map<string, Promise<void>>();
  /** Notices in hand, so that a second delivery waits for the first. */
  const inHand = new Map<string, Promise<void>>();

  function handle(notice: CallNotice): Promise<void> {
    const known = inHand.get(notice.noticeId);
    if (known) return known;
    const call = `${notice.call.kind}:${notice.call.key}`;
    const work = (queues.get(call) ?? Promise.resolve())
      .catch(() => {})
      .then(() => handleNow(notice))
      .finally(() => {
        inHand.delete(notice.noticeId);
        if (queues.get(call) === work) queues.delete(call);
      });
    queues.set(call, work);
    inHand.set(notice.noticeId, work);
    return work;
  }

  async function handleNow(first: CallNotice): Promise<void> {
    if (!flow.onCall || (await isToldAlready(first))) return;
    for (const failed of first.type === 'call.ended' ? await cutOff(first.call) : []) {
      await handleWithFollowing(failed);
      await tell(failed);
    }
    await handleWithFollowing(first);
  }

  async function handleWithFollowing(first: CallNotice): Promise<void> {
    const notices = [{ notice: first, depth: 0 }];
    for (const { notice, depth } of notices) {
      if (depth > longestChain) {
        logger.error({ noticeId: first.noticeId, type: notice.type }, 'flow: a flow answers its own failures for ever');
        return;
      }
      for (const next of await handleOne(notice)) notices.push({ notice: next, depth: depth + 1 });
    }
  }

  /** Notes what became of an announcement; whether the flow has heard from us that it failed, and now hears it again. */
  async function isToldAlready(notice: CallNotice): Promise<boolean> {
    if (notice.type !== 'call.announced' && notice.type !== 'call.announcement-failed') return false;
    const { type, noticeId, announcementId } = notice;
    const teller = await tell(notice);
    return type === 'call.announcement-failed' && teller !== noticeId && teller === failureNoticeId(announcementId);
  }

  function tell({ call, announcementId, noticeId }: CallAnnounced | CallAnnouncementFailed): Promise<string> {
    return announcementsOf(store, instance, call).told(announcementId, noticeId, timestamp(clock.now() + keptMs));
  }

  /**
   * The announcements that the end of their call cut off: some providers say nothing more of them (Azure: CallDisconnected
   * is the last event of a call), and nobody is to wait for one for ever.
   */
  async function cutOff(call: CallRef): Promise<readonly CallAnnouncementFailed[]> {
    return (await announcementsOf(store, instance, call).untold()).map((id) =>
      announcementFailed(call, id, 'The call ended before the announcement was played to its end.'),
    );
  }

  /** Returns the notices that follow from this one. */
  async function handleOne(notice: CallNotice): Promise<readonly CallNotice[]> {
    const journal = await openJournal(store, clock, `notice/${instance}/${notice.noticeId}`);
    if (journal.done) return [];
    try {
      const commands = await journal.once('commands', () => collect(notice));
      const following = await executeTurn({ context, journal, notice, later }, commands);
      await journal.finish();
      return following;
    } catch (error) {
      await journal.release();
      throw error;
    }
  }

  /** Notices of commands that a turn left waiting. */
  async function later(notices: readonly CallNotice[]): Promise<void> {
    for (const notice of notices) await handle(notice);
  }

  async function collect(notice: CallNotice): Promise<readonly TurnCommand[]> {
    const call = { ...notice.call, provider: instance };
    const { turn, end } = openTurn({
      requirement: flow.requirement,
      rules: {
        instance,
        capabilities: context.capabilities,
        checkOptions: context.checkOptions,
        lacks: context.lacks,
        ...defaults,
      },
      deployment: context.deployment,
      turnId: `${instance}/${notice.noticeId}`,
      call,
      sessions: await sessionsOfCall(store, undefined, call),
    });
    try {
      await runInsideTurn(() => flow.onCall?.({ ...notice, call }, turn));
    } finally {
      end();
    }
    return end();
  }

  async function secureNotice(event: RecordingEvent): Promise<void> {
    const type = secureNotices[event.type];
    const commandId = event.data['commandId'];
    if (type === undefined || typeof commandId !== 'string') return;
    if (!(await openedByTurn(store, event.subject, commandId))) return;
    const record = await store.load(event.subject);
    if (!record) return;
    const error = event.data['error'];
    const reason = typeof error === 'object' && error !== null && 'message' in error ? error['message'] : undefined;
    await handle({
      type,
      noticeId: `${commandId}/${type}`,
      call: record.call,
      sessionId: record.id,
      at: event.time,
      ...(typeof reason === 'string' ? { reason } : {}),
    });
  }

  return {
    handle,
    sink: {
      name: 'flow',
      async deliver(event) {
        await flow.onRecording?.(event);
        await secureNotice(event);
      },
    },
  };
}
