import { sipMediaApplicationId } from '../event/read-event.ts';
import { add, type EventContext, type Outcome } from '../flow/outcome.ts';
import type { RecordOp } from './op.ts';

/**
 * Another SIP media application, of another region, has the call from now on, e.g. by a rule of several targets. Its
 * sessions stay the same; commands of other processes must go there.
 */
export function takeOver(context: EventContext, outcome: Outcome): Outcome {
  const { event, logger, now } = context;
  const application = sipMediaApplicationId(event);
  if (application === undefined) return outcome;
  const { AwsRegion: region, TransactionId: transactionId } = event.CallDetails;
  logger.warn({ transactionId, application, region }, 'sma: another SIP media application took the call over');
  const open = Object.values(outcome.state.legs).flatMap(({ sessions }) => sessions.filter(({ is }) => is === 'open'));
  const home = { sipMediaApplicationId: application, ...(region === undefined ? {} : { region }) };
  const ops = open.map(
    ({ id }): RecordOp => ({
      op: 'seen',
      what: 'moved',
      session: id,
      command: '',
      sequence: event.Sequence,
      at: now,
      home,
    }),
  );
  return add(outcome, { ops });
}
