import type { SimulatedAzure } from '@onrecord/simulator';
import { planEventFault, planFailure, planFault } from './trouble.ts';

/** What `GET /azure` tells. */
export interface AzureView {
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

/** The part of the control server under `/azure`. */
export class AzureControl {
  readonly #azure: SimulatedAzure;
  readonly #own: () => readonly string[];

  /** @param own webhooks of this command, whose events never go wrong. */
  constructor(azure: SimulatedAzure, own: () => readonly string[]) {
    this.#azure = azure;
    this.#own = own;
  }

  /** Undefined for a route that there is not. @throws HttpError 400 */
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
      case 'DELETE /faults':
        this.#azure.faults.clear();
        this.#azure.eventFaults.clear();
        break;
      default:
        return undefined;
    }
    return this.#view();
  }

  #view(): AzureView {
    const { faults, eventFaults } = this.#azure;
    const requests = this.#azure.requests().slice(-shown);
    return {
      recordings: this.#azure.recordingIds(),
      pending: { faults: faults.pending(), eventFaults: eventFaults.pending() },
      requests: requests.map(({ operation, status, subCode }) => ({ operation, status, subCode })),
      exports: this.#azure.exports().map(({ url, failure }) => ({ url, failure: failure?.code })),
    };
  }
}
