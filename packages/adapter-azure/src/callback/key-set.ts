import type { Clock } from '@onrecord/core';
import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from 'jose';

/** Keys are fetched again at this age, ms: so long does one that was withdrawn still count. */
const freshMs = 600_000;
/** Keys of this age count no more, though no newer ones can be had, ms. */
const usableMs = 24 * 3_600_000;
/**
 * The least from one fetch to the next, ms, for each of its reasons: keys that grew old, and a token with a key that is
 * not among them. The first such token is never refused unseen, and invented key ids cause no more than this.
 */
const pauseMs = 30_000;
/** As long as there are no keys at all, every message waits for them. */
const emptyPauseMs = 5_000;

type Reason = 'age' | 'unknown-key';

/** Thrown where a token cannot be judged for want of keys: it says nothing about the token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * The keys that tokens are signed with, as far as they are known: fetched once for many messages, again every ten
 * minutes, and when a token names a key that is not among them. While they cannot be fetched, those that are known go
 * on counting for a day.
 */
export class KeySet {
  readonly #fetch: (clock: Clock) => Promise<JSONWebKeySet>;
  #known: { readonly find: LocalJWKSet; readonly at: number } | undefined;
  readonly #triedAt = new Map<Reason, number>();
  #failure: unknown;
  #running: Promise<void> | undefined;

  constructor(fetch: (clock: Clock) => Promise<JSONWebKeySet>) {
    this.#fetch = fetch;
  }

  /**
   * The key that this header names.
   * @throws JOSEError when there is none or more than one; KeysUnavailable when nobody can tell.
   */
  async keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput, clock: Clock): Promise<CryptoKey> {
    if (this.#ageAt(clock) >= freshMs) await this.#refresh('age', clock);
    const known = this.#usableAt(clock);
    if (!known) throw this.#unavailable();
    try {
      return await known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#refresh('unknown-key', clock);
      const newer = this.#usableAt(clock);
      if (newer && newer !== known) return newer(header, token);
      throw this.#failure === undefined ? error : this.#unavailable();
    }
  }

  async #refresh(reason: Reason, clock: Clock): Promise<void> {
    const now = clock.monotonic();
    const pause = this.#usableAt(clock) ? pauseMs : emptyPauseMs;
    if (!this.#running && now - (this.#triedAt.get(reason) ?? Number.NEGATIVE_INFINITY) >= pause) {
      this.#triedAt.set(reason, now);
      this.#running = this.#load(clock, now).finally(() => {
        this.#running = undefined;
      });
    }
    await this.#running;
  }

  async #load(clock: Clock, at: number): Promise<void> {
    try {
      const keys = await this.#fetch(clock);
      const find = createLocalJWKSet(keys);
      if (keys.keys.length === 0) throw new Error('The key set is empty.');
      this.#known = { find, at };
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
    }
  }

  #ageAt(clock: Clock): number {
    return clock.monotonic() - (this.#known?.at ?? Number.NEGATIVE_INFINITY);
  }

  #usableAt(clock: Clock): LocalJWKSet | undefined {
    return this.#ageAt(clock) < usableMs ? this.#known?.find : undefined;
  }

  #unavailable(): KeysUnavailable {
    return new KeysUnavailable('The keys could not be fetched.', { cause: this.#failure });
  }
}
