import { type OfferFor, OnRecordError, type Session, type SessionStore } from '@onrecord/core';
import type { flow } from './flow.ts';

type Offer = OfferFor<typeof flow.requirement>;

/** Statuses for what goes wrong with a click. */
const STATUSES: Readonly<Record<string, number>> = {
  'not-found': 404,
  'invalid-state': 409,
  conflict: 409,
  'rate-limited': 429,
  timeout: 504,
};

/**
 * The agent's page asks here: `GET /recordings` and `GET /recordings/<id>` tell the state, `POST /recordings/<id>/pause`,
 * `/resume` and `/stop` command. A command is answered with 202 once it was sent: only a `GET` that says `paused` proves
 * that nothing is recorded any longer.
 */
export function button(
  attach: (sessionId: string) => Promise<Session<Offer>>,
  store: SessionStore,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const [, folder, id, command, ...rest] = new URL(request.url).pathname.split('/');
    if (folder !== 'recordings' || rest.length > 0) return answer(404, { error: 'There is nothing here.' });
    try {
      if (request.method === 'GET' && id === undefined) {
        return answer(200, await Promise.all((await store.list()).map(show)));
      }
      if (request.method === 'GET' && id !== undefined && command === undefined) return answer(200, await show(id));
      if (request.method !== 'POST' || id === undefined) return answer(405, { error: 'Use GET, or POST a command.' });
      await send(await attach(id), command);
      return answer(202, await show(id));
    } catch (error) {
      if (!OnRecordError.is(error)) throw error;
      return answer(STATUSES[error.code] ?? 500, { error: error.message, code: error.code });
    }
  };

  async function show(id: string): Promise<object> {
    const { state } = await (await attach(id)).snapshot();
    return { id, state };
  }
}

async function send(session: Session<Offer>, command: string | undefined): Promise<void> {
  const until = { until: 'accepted' } as const;
  if (command === 'pause') return session.pause(until);
  if (command === 'resume') return session.resume(until);
  if (command === 'stop') return session.stop(until);
  throw new OnRecordError('not-found', `There is no command ${command}: use pause, resume or stop.`);
}

function answer(status: number, body: unknown): Response {
  return Response.json(body, { status });
}
