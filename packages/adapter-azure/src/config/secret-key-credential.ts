import type { KeyCredential } from '@azure/core-auth';
import { Secret } from '@onrecord/core';

/** An access key as the SDK wants it, which no inspection of a client shows. */
export class SecretKeyCredential implements KeyCredential {
  readonly #key: Secret;

  constructor(key: string) {
    this.#key = new Secret(key);
  }

  get key(): string {
    return this.#key.reveal();
  }
}
