import type { VirtualCall } from '../../call/virtual-call.ts';
import { type Overlay, RECORDING_RATE } from '../media/captured-audio.ts';
import { sampleAt } from '../media/span.ts';
import type { AzureWorld } from '../world.ts';
import type { PlayFailure, PromptLoader, PromptSource } from './prompt-source.ts';

/** A play that was accepted. */
export interface PlayOrder {
  readonly sources: readonly PromptSource[];
  readonly loop: boolean;
  /** Raw ids of who hears it; empty for everyone. */
  readonly targets: readonly string[];
  readonly operationContext: string | undefined;
  readonly operationCallbackUri: string | undefined;
  /** Set: it fails with this instead of playing. */
  readonly failure?: PlayFailure | undefined;
}

export type PlayEventName = 'PlayStarted' | 'PlayCompleted' | 'PlayFailed' | 'PlayCanceled';

export interface PlayResult {
  readonly resultInformation?: PlayFailure;
  readonly failedPlaySourceIndex?: number;
}

const COMPLETED: PlayFailure = { code: 200, subCode: 0, message: 'Action completed successfully.' };
const CANCELED: PlayFailure = { code: 400, subCode: 8508, message: 'Action failed, the operation was canceled.' };

/** Plays the prompts of one call connection one after another and says how each ended. */
export class PromptQueue {
  readonly #world: AzureWorld;
  readonly #call: VirtualCall;
  readonly #loader: PromptLoader;
  readonly #tell: (name: PlayEventName, order: PlayOrder, result: PlayResult) => void;
  #orders: { readonly order: PlayOrder; readonly cancel: AbortController }[] = [];
  readonly #played: { readonly begin: number; samples: Int16Array }[] = [];
  #running = false;
  #closed = false;

  constructor(
    world: AzureWorld,
    call: VirtualCall,
    loader: PromptLoader,
    tell: (name: PlayEventName, order: PlayOrder, result: PlayResult) => void,
  ) {
    this.#world = world;
    this.#call = call;
    this.#loader = loader;
    this.#tell = tell;
  }

  /** What everyone has heard so far, to the moment. */
  get overlays(): readonly Overlay[] {
    return this.#played;
  }

  add(order: PlayOrder, interrupt: boolean): void {
    if (interrupt) this.cancelAll();
    this.#orders.push({ order, cancel: new AbortController() });
    if (!this.#running) void this.#run();
  }

  /** Ends what plays and what waits, each with `PlayCanceled`. */
  cancelAll(): void {
    for (const { cancel } of this.#orders) cancel.abort();
  }

  /** Ends everything without a word: nothing follows `CallDisconnected`. */
  close(): void {
    this.#closed = true;
    this.cancelAll();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#orders[0]; next && !this.#closed; next = this.#orders[0]) {
      const { order, cancel } = next;
      const [name, result] = await this.#playOrder(order, AbortSignal.any([cancel.signal, this.#world.signal]));
      this.#orders.shift();
      if (!this.#closed && !this.#world.signal.aborted) this.#tell(name, order, result);
    }
    this.#running = false;
  }

  async #playOrder(order: PlayOrder, signal: AbortSignal): Promise<readonly [PlayEventName, PlayResult]> {
    if (order.failure) return ['PlayFailed', { resultInformation: order.failure, failedPlaySourceIndex: 0 }];
    const sounds: Int16Array[] = [];
    for (const [index, source] of order.sources.entries()) {
      const sound = await this.#loader.load(source);
      if (!(sound instanceof Int16Array)) {
        return ['PlayFailed', { resultInformation: sound, failedPlaySourceIndex: index }];
      }
      sounds.push(sound);
    }
    if (!signal.aborted && this.#world.behaviour.playStarted) this.#tell('PlayStarted', order, {});
    do {
      for (const sound of sounds) {
        if (!(await this.#playSound(sound, order, signal))) return ['PlayCanceled', { resultInformation: CANCELED }];
      }
    } while (order.loop && sounds.some((sound) => sound.length > 0));
    return ['PlayCompleted', { resultInformation: COMPLETED }];
  }

  /** @returns whether it was played to its end. */
  async #playSound(samples: Int16Array, order: PlayOrder, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    const { clock } = this.#world;
    const entry = { begin: sampleAt(this.#call, clock.now()), samples };
    if (order.targets.length === 0) this.#played.push(entry);
    try {
      await clock.delay((samples.length * 1000) / RECORDING_RATE, { signal });
      return true;
    } catch {
      entry.samples = samples.subarray(0, 2 * (sampleAt(this.#call, clock.now()) - entry.begin));
      return false;
    }
  }
}
