import { type Logger, OnRecordError } from '@onrecord/core';
import type { IvrAnswer } from '../flow/ivr.ts';
import { type Attributes, ourAttribute } from '../journal/attributes.ts';
import { maxStateBytes } from '../journal/state-code.ts';
import { maxActions } from '../turn/compose.ts';
import { isRecordingAction, itemsOf } from '../turn/item.ts';

/**
 * Limits of the whole map. The guide speaks of 100 pairs, the service's error text of 10: the smaller one holds
 * everywhere.
 */
const maxPairs = 10;
const maxBytes = 20 * 1024;

/**
 * The application's answer without attributes that the service would refuse. More actions than fit into one answer are
 * spread over several; that nothing is lost is no reason to keep quiet.
 */
export function checkAnswer(logger: Logger, answer: IvrAnswer): IvrAnswer {
  const actions = [...(answer.before ?? []), ...(answer.after ?? [])];
  const problems = [
    actions.length > maxActions ? `It has ${actions.length} actions: they are spread over several answers.` : undefined,
    itemsOf(actions).some(isRecordingAction)
      ? 'It has a recording action: use turn.start, pause, resume and stop.'
      : undefined,
    answer.attributes && attributeProblem(answer.attributes),
  ].filter((problem) => problem !== undefined);
  if (problems.length === 0) return answer;
  const err = new OnRecordError('invalid-request', `The answer of ivr cannot be given as it is. ${problems.join(' ')}`);
  logger.error({ err }, 'sma: ivr gave an answer that is against the rules');
  return answer.attributes && attributeProblem(answer.attributes) ? { ...answer, attributes: undefined } : answer;
}

function attributeProblem(given: Attributes): string | undefined {
  const entries = Object.entries(given);
  const bytes = Buffer.byteLength(JSON.stringify(given)) + ourAttribute.length + maxStateBytes;
  const problem =
    ourAttribute in given
      ? `"${ourAttribute}" is reserved`
      : entries.some(([, value]) => typeof value !== 'string')
        ? 'every value must be a string'
        : entries.length >= maxPairs
          ? `there are ${entries.length}, and at most ${maxPairs - 1} beside our own`
          : bytes > maxBytes
            ? `they take ${bytes} bytes of at most ${maxBytes}`
            : undefined;
  return problem && `The attributes stay as they are: ${problem}.`;
}
