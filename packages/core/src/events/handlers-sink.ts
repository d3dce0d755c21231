import type { EventName, EventSink, RecordingEvent } from './event.ts';

/** Takes one event. What throws, or rejects, gets the event again later; the events after it wait. */
export type EventHandler<N extends EventName = EventName> = (
  event: RecordingEvent<N>,
  options: { readonly signal: AbortSignal },
) => void | Promise<void>;

/** One function per event, and `any` for all of them. */
export type EventHandlers = { readonly [N in EventName]?: EventHandler<N> | undefined } & {
  readonly any?: EventHandler | undefined;
};

/** Delivers events to functions of this process, `any` first. */
export function handlersSink(handlers: EventHandlers, options: { readonly name?: string | undefined } = {}): EventSink {
  const byType = new Map(Object.entries(handlers).map(([name, handler]) => [`dev.onrecord.${name}.v1`, handler]));
  return {
    name: options.name ?? 'handlers',
    async deliver(event, delivery) {
      await handlers.any?.(event, delivery);
      // The map pairs each event type with the handler of that very type.
      const handler = byType.get(event.type) as EventHandler | undefined;
      await handler?.(event, delivery);
    },
  };
}
