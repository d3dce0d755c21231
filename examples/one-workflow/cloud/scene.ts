import type { Talk } from './conversation.ts';

/** A stretch of wall time, epoch ms. */
export interface WallSpan {
  readonly from: number;
  readonly to: number;
}

/** What a provider recorded, as its own clocks and events tell it: nothing of it is read from the finished files. */
export interface Capture {
  /** For each file, in order, the stretches of wall time that follow each other in it. */
  readonly files: readonly (readonly WallSpan[])[];
  /** Stretches within those that the provider replaced with silence. */
  readonly silenced: readonly WallSpan[];
  /** The tone by which the provider marks a pause, in Hz. */
  readonly markHz?: number | undefined;
}

/** One provider, simulated or real, with two people and their phones. */
export interface Scene extends AsyncDisposable {
  readonly conversation: Talk;
  /** What records, as it calls itself, where it is no simulator: `Asterisk 22.10.1`. */
  readonly server?: string | undefined;
  /** What the application's processes find in their environment beside what is common to all. */
  readonly environment: Readonly<Record<string, string>>;
  /** Processes that the application has on this provider beside the web process. */
  readonly processes: readonly ('lambda' | 'worker')[];
  /** The application is up at these addresses: the two call each other. Resolves when both are on the line. */
  ring(urls: { readonly web: string; readonly lambda?: string | undefined }): Promise<void>;
  hangUp(): void;
  /** To be asked when the file is there. */
  capture(): Capture;
  /** What became of the application's part: e.g. webhooks refused. For the report. */
  problems(): readonly string[];
  /** Why media in real time may have suffered, where it is made in real time: then a failure may not be the recorder's. */
  strain?(): string | undefined;
}

/** Who is on the line. */
export const callerNumber = '+15550100';
export const calleeNumber = '+15550123';
export const applicationNumber = '+15550199';
