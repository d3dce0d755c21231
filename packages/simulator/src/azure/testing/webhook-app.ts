import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, listen, readBody, sendAnswer } from '../../http/index.ts';
import { isRecord } from '../schema/shape.ts';
import type { SelfSignedCertificate } from '../server/certificate.ts';

/** One request that the application got. */
export interface Post {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export type Event = Readonly<Record<string, unknown>> & { readonly data: Readonly<Record<string, unknown>> };

/** An application with webhooks on this machine, as the service under test would see a customer's. */
export interface WebhookApp extends AsyncDisposable {
  readonly url: string;
  readonly posts: readonly Post[];
  /** What the next posts are answered; the last one stays. Default 200, with the validation response where asked for. */
  answers: ((post: Post) => Answer)[];
  /** Every event received, one by one, optionally of one type (`CallConnected`). */
  events(type?: string): readonly Event[];
}

export async function openApp(tls?: SelfSignedCertificate): Promise<WebhookApp> {
  const posts: Post[] = [];
  const app: Pick<WebhookApp, 'answers'> = { answers: [] };
  const endpoint = await listen(
    async (request, response) => {
      const text = (await readBody(request)).toString('utf8');
      const { method = '', url: path = '', headers } = request;
      const post = { method, path, headers, body: text === '' ? undefined : JSON.parse(text) };
      posts.push(post);
      const answer = app.answers.length > 1 ? app.answers.shift() : app.answers[0];
      sendAnswer(request, response, (answer ?? polite)(post));
    },
    { tls },
  );
  const all = (): Event[] => posts.flatMap(({ body }) => (Array.isArray(body) ? body : isRecord(body) ? [body] : []));
  return Object.assign(app, {
    url: endpoint.origin,
    posts,
    events: (type?: string) =>
      all().filter((event) => type === undefined || String(event['type'] ?? event['eventType']).endsWith(`.${type}`)),
    [Symbol.asyncDispose]: () => endpoint.close(),
  });
}

/** Answers Event Grid's handshake of either schema, and everything else with 200. */
export function polite(post: Post): Answer {
  if (post.method === 'OPTIONS') return { status: 200, headers: { 'webhook-allowed-origin': '*' } };
  if (post.headers['aeg-event-type'] !== 'SubscriptionValidation') return { status: 200 };
  const [event] = Array.isArray(post.body) ? post.body : [];
  return { status: 200, body: JSON.stringify({ validationResponse: event?.data?.validationCode }) };
}
