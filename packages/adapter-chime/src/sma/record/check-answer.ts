import { type Logger, OnRecordError } from '@onrecord/core';
import { actionProblems } from '../actions/action-rules.ts';
import type { Problem } from '../actions/parameter-rules.ts';
import type { SmaAction } from '../event/sma-event.ts';
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

const lists = ['before', 'after', 'onRecordingFailed'] as const;

/**
 * The application's answer without attributes that the service would refuse, and with them the whole answer. More
 * actions than fit into one answer are spread over several; that nothing is lost is no reason to keep quiet. An action
 * that the service will refuse goes out as it is: its failure is told to the application, as it may expect.
 *
 * @param secret digits that must not be kept.
 */
export function checkAnswer(logger: Logger, answer: IvrAnswer, secret?: string | undefined): IvrAnswer {
  const refused = answer.attributes ? attributeProblems(answer.attributes, secret) : [];
  const problems = [...listProblems(answer), ...refused];
  if (problems.length === 0) return answer;
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  const what = 'The answer of ivr cannot be given as it is.';
  const err = new OnRecordError('invalid-request', [what, ...lines].join('\n- '), { context: { problems: lines } });
  logger.error({ err }, 'sma: ivr gave an answer that is against the rules');
  return refused.length > 0 ? { ...answer, attributes: undefined } : answer;
}

/**
 * Checks actions that stand in the options of the function.
 * @throws OnRecordError `invalid-request` that lists every problem.
 */
export function checkAnswerWith(actions: readonly SmaAction[] | undefined): void {
  const problems = (actions ?? []).flatMap((action, index) =>
    // The leg is filled in when it is known.
    actionProblems({ ...action, Parameters: { CallId: 'later', ...action.Parameters } }, `answerWith[${index}]`),
  );
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  throw new OnRecordError('invalid-request', ['answerWith cannot answer a leg.', ...lines].join('\n- '), {
    context: { problems: lines },
  });
}

function listProblems(answer: IvrAnswer): readonly Problem[] {
  const count = (answer.before?.length ?? 0) + (answer.after?.length ?? 0);
  const tooMany = `Together they have ${count} actions of at most ${maxActions}: they are spread over several answers.`;
  return [
    ...(count > maxActions ? [{ path: 'before, after', message: tooMany }] : []),
    ...lists.flatMap((name) =>
      itemsOf(answer[name]).flatMap((item, index) => {
        const path = `${name}[${index}]`;
        const recording = { path, message: 'Is a recording action: use turn.start, pause, resume and stop.' };
        return [...(isRecordingAction(item) ? [recording] : []), ...actionProblems(item.action, path)];
      }),
    ),
  ];
}

function attributeProblems(given: Attributes, secret: string | undefined): readonly Problem[] {
  const entries = Object.entries(given);
  const bytes = Buffer.byteLength(JSON.stringify(given)) + ourAttribute.length + maxStateBytes;
  const problems = [
    ourAttribute in given ? `The name "${ourAttribute}" is ours.` : '',
    entries.some(([, value]) => typeof value !== 'string') ? 'Every value must be text.' : '',
    entries.length >= maxPairs ? `There are ${entries.length} pairs of at most ${maxPairs - 1}, beside our own.` : '',
    bytes > maxBytes ? `With our own they take ${bytes} bytes of at most ${maxBytes}.` : '',
    secret !== undefined && JSON.stringify(given).includes(secret) ? 'They hold digits of a secure section.' : '',
  ];
  return problems.flatMap((message) =>
    message === '' ? [] : [{ path: 'attributes', message: `${message} They stay as they were.` }],
  );
}
