import type { CallRef } from '../call/call-ref.ts';
import { missingSources, requiresAnnounce } from '../capabilities/announcing.ts';
import type { OfferFor } from '../capabilities/offer.ts';
import type { Requirement } from '../capabilities/requirement.ts';
import { derivedId, derivedSessionId } from '../engine/ids.ts';
import { OnRecordError } from '../errors/index.ts';
import { canAnnounce, checkAnnouncement, checkRoom, checkStart, type StartRules } from '../recorder/check-start.ts';
import { isOver } from '../recorder/settled.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Turn, TurnAnnounce, TurnBase, TurnPause, TurnStart } from './flow.ts';
import type { TurnCommand } from './turn-command.ts';

export interface TurnOptions<R extends Requirement> {
  readonly requirement: R;
  readonly rules: StartRules;
  readonly deployment: string;
  /** Identity of the turn: a repeated turn collects commands with the same ids. */
  readonly turnId: string;
  readonly call: CallRef;
  /** All sessions of the call, oldest first. */
  readonly sessions: readonly SessionRecord[];
}

/** A turn, and its end. */
export interface OpenTurn<R extends Requirement> {
  readonly turn: Turn<OfferFor<R>>;
  /** What was collected, in order; the turn refuses verbs from now on. */
  end(): readonly TurnCommand[];
}

/** Opens a turn for a host of flows: it collects, checks each command at once, and sends nothing. */
export function openTurn<R extends Requirement>(options: TurnOptions<R>): OpenTurn<R>;
export function openTurn(options: TurnOptions<Requirement>): { readonly turn: object; end(): readonly TurnCommand[] } {
  const { call, rules, sessions } = options;
  const commands: TurnCommand[] = [];
  let over = false;
  const collect = (command: TurnCommand) => {
    if (over) {
      throw new OnRecordError('invalid-state', `This turn is over; ${command.verb} came too late.`, {
        remedy: 'Await everything inside the handler.',
      });
    }
    commands.push(command);
  };
  const started = () => commands.filter(({ verb }) => verb === 'start').length;

  const base: TurnBase<OfferFor<Requirement>> = {
    call,
    sessionIds: sessions.filter((record) => !isOver(record)).map(({ id }) => id),
    start(request: TurnStart = {}) {
      const start = checkStart(rules, call, request);
      const ordinal = sessions.length + started() + 1;
      checkRoom(rules, call, sessions, { started: started(), ownKey: false });
      const sessionId = derivedSessionId(options.deployment, call.key, ordinal);
      collect({ verb: 'start', sessionId, ordinal, start });
      return sessionId;
    },
    stop: (sessionId) => collect({ verb: 'stop', sessionId }),
  };
  const pause: TurnPause = {
    pause: (sessionId) => collect({ verb: 'pause', sessionId }),
    resume: (sessionId) => collect({ verb: 'resume', sessionId }),
    secure(sessionId, { maxMs }) {
      if (!Number.isFinite(maxMs) || maxMs <= 0) {
        throw new OnRecordError('invalid-request', `A secure section needs a limit in milliseconds, not ${maxMs}.`);
      }
      collect({ verb: 'secure', sessionId, maxMs });
    },
    endSecure: (sessionId) => collect({ verb: 'endSecure', sessionId }),
  };
  const announce: TurnAnnounce = {
    announce(announcement) {
      checkAnnouncement(rules, call, announcement);
      const announcementId = derivedId('announcement', options.turnId, String(commands.length));
      collect({ verb: 'announce', announcementId, announcement });
      return announcementId;
    },
  };
  // Required: always there, and it says so itself where this kind of call has none. Preferred: there with all that it
  // announces from, or not at all, so that a flow never finds out too late.
  const { requirement } = options;
  const announces =
    requiresAnnounce(requirement) ||
    (canAnnounce(rules.capabilities, call) && missingSources(rules.capabilities, requirement.announce)?.length === 0);
  return {
    turn: { ...base, ...(rules.capabilities.pause ? pause : {}), ...(announces ? announce : {}) },
    end() {
      over = true;
      return commands;
    },
  };
}
