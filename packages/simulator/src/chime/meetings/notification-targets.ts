import type { EventBridgeEvent } from '../events/event-bridge-event.ts';
import { ServiceError } from '../wire/service-error.ts';

/** The members of `NotificationsConfiguration` that CreateMeeting takes. */
const MEMBERS = ['SqsQueueArn', 'SnsTopicArn', 'LambdaFunctionArn'] as const;

/**
 * The queues, topics and functions that meetings name at their creation. Each gets every event of its meeting, as the
 * event bus does: an application that reads both sees each one twice.
 */
export class NotificationTargets {
  readonly #region: string;
  readonly #listeners = new Map<string, Set<(body: string) => void>>();
  readonly #arns = new Map<string, readonly string[]>();

  constructor(region: string) {
    this.#region = region;
  }

  /** Receives the bodies of a queue, topic or function; a topic wraps them as SNS does. Returns the way to stop. */
  on(arn: string, listener: (body: string) => void): () => void {
    const listeners = this.#listeners.get(arn) ?? new Set();
    this.#listeners.set(arn, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /**
   * The targets of a request's `NotificationsConfiguration`.
   * @throws ServiceError `BadRequest` for one in another region than the endpoint
   */
  read(configuration: unknown): readonly string[] {
    const given = (configuration ?? {}) as Readonly<Record<string, string>>;
    const arns = MEMBERS.flatMap((name) => given[name] ?? []);
    const far = arns.find((arn) => arn.split(':')[3] !== this.#region);
    if (far) throw new ServiceError('BadRequest', `${far} is not in the region ${this.#region} of this endpoint.`);
    return arns;
  }

  /** A meeting tells these from now on. */
  subscribe(meetingId: string, arns: readonly string[]): void {
    this.#arns.set(meetingId, arns);
  }

  deliver(meetingId: string, event: EventBridgeEvent): void {
    for (const arn of this.#arns.get(meetingId) ?? []) {
      const body = JSON.stringify(event);
      const wrapped = JSON.stringify({ Type: 'Notification', MessageId: event.id, TopicArn: arn, Message: body });
      for (const listener of this.#listeners.get(arn) ?? []) listener(arn.split(':')[2] === 'sns' ? wrapped : body);
    }
  }
}
