/** The lines of the `meeting-events` artifact, gathered between two files. */
export class MeetingEventLog {
  #lines: string[] = [];

  add(at: number, eventType: string, attendeeId?: string): void {
    const parameters =
      attendeeId === undefined ? {} : { EventParameters: { AttendeeId: attendeeId, MediaModality: '' } };
    const Timestamp = new Date(at).toISOString().replace('Z', '+00:00');
    this.#lines.push(JSON.stringify({ Timestamp, EventType: eventType, ...parameters }));
  }

  /** The text of the next file; undefined when there is nothing to write. */
  take(): string | undefined {
    const lines = this.#lines;
    this.#lines = [];
    return lines.length === 0 ? undefined : `${lines.join('\n')}\n`;
  }
}
