import type { SimulatedAzure, SimulatedAzureCall } from '@onrecord/simulator';
import { z } from 'zod';
import type { OpenedVoice, Voice } from '../audio.ts';
import { HttpError } from '../http-error.ts';
import { readBodyAs } from '../read-body-as.ts';
import { voice } from '../shapes.ts';
import { planEventFault, planFailure, planFault } from './trouble.ts';

/** What `GET /azure` tells. */
export interface AzureView {
  /** Every connection of the application, those that it made by the API included, oldest first. */
  readonly calls: readonly {
    readonly callConnectionId: string;
    readonly serverCallId: string;
    readonly state: SimulatedAzureCall['state'];
  }[];
  readonly recordings: readonly string[];
  /** How many of the faults that were asked for did not happen yet. */
  readonly pending: { readonly faults: number; readonly eventFaults: number };
  /** The last requests, oldest first. */
  readonly requests: readonly {
    readonly operation: string;
    readonly status: number | undefined;
    readonly subCode: string | undefined;
  }[];
  readonly exports: readonly { readonly url: string; readonly failure: string | undefined }[];
}

const shown = 100;

/** How somebody sounds whom the application calls. */
const calledVoice = z.strictObject({ address: z.string().min(1), voice });
/** A call that the application made; everybody hangs up. */
const madeCall = z.strictObject({ callConnectionId: z.string().min(1) });

/** The part of the control server under `/azure`. */
export class AzureControl {
  readonly #azure: SimulatedAzure;
  readonly #own: () => readonly string[];
  readonly #open: (voice: Voice) => Promise<OpenedVoice>;

  /**
   * @param own webhooks of this command, whose events never go wrong.
   * @param open the sound of a voice.
   */
  constructor(azure: SimulatedAzure, own: () => readonly string[], open: (voice: Voice) => Promise<OpenedVoice>) {
    this.#azure = azure;
    this.#own = own;
    this.#open = open;
  }

  /** Undefined for a route that there is not. @throws HttpError 400, 404 */
  async answer(route: string, body: () => Promise<string>): Promise<AzureView | undefined> {
    switch (route) {
      case 'GET /':
        break;
      case 'POST /faults':
        planFault(this.#azure, await body());
        break;
      case 'POST /event-faults':
        planEventFault(this.#azure, await body(), this.#own());
        break;
      case 'POST /failures':
        planFailure(this.#azure, await body());
        break;
      case 'POST /voices':
        await this.#setVoice(readBodyAs(calledVoice, await body()));
        break;
      case 'POST /hang-up':
        this.#end(readBodyAs(madeCall, await body()).callConnectionId);
        break;
      case 'DELETE /faults':
        this.#azure.faults.clear();
        this.#azure.eventFaults.clear();
        break;
      default:
        return undefined;
    }
    return this.#view();
  }

  async #setVoice({ address, voice }: z.infer<typeof calledVoice>): Promise<void> {
    const { source } = await this.#open(voice);
    this.#azure.setVoice(address, source);
  }

  #end(callConnectionId: string): void {
    const call = this.#azure.calls().find((each) => each.callConnectionId === callConnectionId);
    if (!call) throw new HttpError(404, `There is no connection ${callConnectionId}.`);
    call.end();
  }

  #view(): AzureView {
    const { faults, eventFaults } = this.#azure;
    const requests = this.#azure.requests().slice(-shown);
    return {
      calls: this.#azure.calls().map((call) => ({
        callConnectionId: call.callConnectionId,
        serverCallId: call.ids().serverCallId,
        state: call.state,
      })),
      recordings: this.#azure.recordingIds(),
      pending: { faults: faults.pending(), eventFaults: eventFaults.pending() },
      requests: requests.map(({ operation, status, subCode }) => ({ operation, status, subCode })),
      exports: this.#azure.exports().map(({ url, failure }) => ({ url, failure: failure?.code })),
    };
  }
}
