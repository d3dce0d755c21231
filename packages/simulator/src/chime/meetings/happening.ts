/** What happens in a meeting and can be captured. */
export type Happening =
  | {
      readonly type:
        | 'AttendeeJoined'
        | 'AttendeeLeft'
        | 'AttendeeVideoJoined'
        | 'AttendeeVideoLeft'
        | 'ActiveSpeaker'
        | 'Muted'
        | 'Unmuted';
      /** Ends in `#content` for a content share; empty where nobody speaks. */
      readonly attendeeId: string;
    }
  | { readonly type: 'Message'; readonly attendeeId: string; readonly topic: string; readonly data: string }
  | { readonly type: 'Transcript'; readonly line: object };

export type HappeningWatcher = (happening: Happening) => void;

/** Hands what happens to whoever watches. */
export class Happenings {
  readonly #watchers = new Set<HappeningWatcher>();

  /** Returns the way to stop. */
  watch(watcher: HappeningWatcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  tell(happening: Happening): void {
    for (const watch of this.#watchers) watch(happening);
  }
}
