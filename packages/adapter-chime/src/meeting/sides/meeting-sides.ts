import type { ChimeSDKMediaPipelinesClient } from '@aws-sdk/client-chime-sdk-media-pipelines';
import {
  type CallRef,
  type DriverContext,
  type JsonObject,
  type Outcome,
  type PartTarget,
  type Report,
  type Seen,
  type StartPlan,
  timestamp,
} from '@onrecord/core';
import { attendSides } from './attend-sides.ts';
import { beginSides } from './begin-sides.ts';
import { endSides, finishSides } from './end-sides.ts';
import type { SidesConfig } from './side-config.ts';
import { planFact, plannedSides, refuseSides, sidePlan } from './side-plan.ts';
import { closedFact, isClosed } from './side-state.ts';
import type { SideWork } from './side-work.ts';
import { streamReports } from './stream-sightings.ts';

/** What the driver lends to its side outputs. */
export interface MeetingSidesOptions {
  readonly config: { readonly sides: SidesConfig; readonly accountId: string | undefined };
  readonly client: (call: CallRef) => ChimeSDKMediaPipelinesClient;
  /** Whether the meeting of a call is over; undefined when nobody can tell. */
  readonly isOver: (call: CallRef, signal: AbortSignal) => Promise<boolean | undefined>;
}

type Observe = SideWork['observe'];

/**
 * The side outputs of recordings: live outputs and Kinesis video streams. They are created after the capture was accepted,
 * end with their part, and whatever becomes of them, the recording goes on.
 */
export class MeetingSides {
  readonly #options: MeetingSidesOptions;

  constructor(options: MeetingSidesOptions) {
    this.#options = options;
  }

  /** @throws OnRecordError `invalid-request` for what a start asks in vain, before anything is stored */
  checkOptions(options: JsonObject): void {
    refuseSides(options, this.#options.config.sides);
  }

  /** @throws OnRecordError `invalid-request` for what a start asks in vain, before any request */
  check(plan: StartPlan): void {
    sidePlan(plan, this.#options.config.sides, '');
  }

  /** The outcome of a start, with its side outputs begun. */
  async begin(plan: StartPlan, started: Outcome, observe: Observe, context: DriverContext): Promise<Outcome> {
    const wanted = sidePlan(plan, this.#options.config.sides, timestamp(context.clock.now()));
    if (!wanted) return started;
    const planned = observe('sides', { facts: planFact(wanted) });
    const reports = await beginSides(plan, wanted, this.#work(plan, observe, context));
    const keys = reports.flatMap(({ seen }) => seen.providerKeys ?? []);
    return {
      ...started,
      providerKeys: [...(started.providerKeys ?? []), ...keys],
      reports: [...(started.reports ?? []), planned, ...reports],
    };
  }

  /** What a look at a part adds. Once its end was asked for or seen, nothing is begun any more. */
  async attend(
    part: PartTarget,
    seen: Seen | undefined,
    observe: Observe,
    context: DriverContext,
  ): Promise<readonly Report[]> {
    if (!plannedSides(part)) return [];
    const work = this.#work(part, observe, context);
    if (seen?.ended || isClosed(part)) return [...(await endSides(part, work)), ...streamReports(part, work)];
    return attendSides(part, work, () => this.#options.isOver(part.call, context.signal));
  }

  /** The outcome of a stop, with the side outputs ended. */
  async end(part: PartTarget, stopped: Outcome, observe: Observe, context: DriverContext): Promise<Outcome> {
    if (!plannedSides(part)) return stopped;
    const closed = observe('sides/closed', { facts: closedFact });
    const ended = await endSides(part, this.#work(part, observe, context));
    return { ...stopped, reports: [...(stopped.reports ?? []), closed, ...ended] };
  }

  /**
   * Ends what still runs beside a part that is over, before its final step, which may fail. Gives what that makes of the
   * outcome of the step: it is not done before the side outputs are.
   */
  async finish(part: PartTarget, observe: Observe, context: DriverContext): Promise<(outcome: Outcome) => Outcome> {
    if (!plannedSides(part)) return (outcome) => outcome;
    const { reports, done } = await finishSides(part, this.#work(part, observe, context));
    return (outcome) => {
      const kind = done ? outcome.kind : 'accepted';
      return { ...outcome, kind, reports: [...(outcome.reports ?? []), ...reports] };
    };
  }

  #work({ call }: PartTarget, observe: Observe, { clock, signal }: DriverContext): SideWork {
    const { config, client } = this.#options;
    return { client: client(call), config: config.sides, accountId: config.accountId, observe, clock, signal };
  }
}
