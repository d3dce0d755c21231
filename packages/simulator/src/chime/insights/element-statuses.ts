import type { InsightsConfiguration } from './insights-configurations.ts';

export type ElementStatus =
  | 'NotStarted'
  | 'NotSupported'
  | 'Initializing'
  | 'InProgress'
  | 'Failed'
  | 'Stopping'
  | 'Stopped'
  | 'Paused'
  /** In events only. */
  | 'TemporarilyFailed';

interface ElementState {
  readonly type: string;
  status: ElementStatus;
  updatedOn: number;
  statusDetail?: string;
}

const transcribers = ['AmazonTranscribeProcessor', 'AmazonTranscribeCallAnalyticsProcessor'];
/** Elements that have a status at all. */
const withStatus = [...transcribers, 'VoiceAnalyticsProcessor', 'S3RecordingSink', 'VoiceEnhancementSink'];

/** The statuses of a pipeline's elements, from which its own follows. */
export class ElementStatuses {
  readonly #elements: readonly ElementState[];
  readonly #now: () => number;

  constructor({ elements }: Pick<InsightsConfiguration, 'elements'>, now: () => number) {
    this.#now = now;
    this.#elements = elements
      .filter(({ Type }) => withStatus.includes(Type))
      .filter((element) => element.VoiceEnhancementSinkConfiguration?.Disabled !== true)
      .map(({ Type }) => ({ type: Type, status: 'NotStarted', updatedOn: now() }));
  }

  get size(): number {
    return this.#elements.length;
  }

  has(type: string): boolean {
    return this.#elements.some((element) => element.type === type);
  }

  /** Whether a transcriber works on the call, so that the recording waits for its end. */
  get transcribes(): boolean {
    return transcribers.some((type) => this.has(type));
  }

  set(type: string, status: ElementStatus, statusDetail?: string): void {
    for (const element of this.#elements) {
      if (element.type !== type) continue;
      element.status = status;
      element.updatedOn = this.#now();
      if (statusDetail !== undefined) element.statusDetail = statusDetail;
    }
  }

  /** Sets every transcriber, and analytics with it, that is not over. */
  setProcessors(status: ElementStatus): void {
    for (const { type, status: old } of this.#elements) {
      if (type.endsWith('Processor') && old !== 'Failed' && old !== 'Stopped') this.set(type, status);
    }
  }

  setAll(status: ElementStatus): void {
    for (const { type } of this.#elements) this.set(type, status);
  }

  is(type: string): ElementStatus | undefined {
    return this.#elements.find((element) => element.type === type)?.status;
  }

  get anyFailed(): boolean {
    return this.#elements.some(({ status }) => status === 'Failed');
  }

  /** As an event prints them. */
  forEvent(enhancementName: string): readonly object[] {
    return this.#elements.map(({ type, ...rest }) => ({
      type: type === 'VoiceEnhancementSink' ? enhancementName : type,
      ...rest,
    }));
  }

  /** As the API prints them: its enum knows no temporary failure. */
  forApi(): readonly object[] {
    return this.#elements.map(({ type, status }) => ({
      Type: type,
      Status: status === 'TemporarilyFailed' ? 'InProgress' : status,
    }));
  }
}
