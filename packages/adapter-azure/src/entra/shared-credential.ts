import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { OnRecordError } from '@onrecord/core';

/** As the SDK, which asks again that long before a token expires. */
const refreshWindowMs = 120_000;

/**
 * One token for all clients of a driver: they ask here, and a token is fetched once, whoever asks first. Two minutes
 * before it expires, or when it says so itself, a new one is fetched; while that fails the old one serves to its end.
 * (The SDK repeats a failed refresh on its own, and its last rejection nobody hears: it would end the process.)
 *
 * A request that is aborted does not take the token from those that wait with it. No inspection shows what is in here.
 */
export class SharedCredential implements TokenCredential {
  readonly #credential: TokenCredential;
  readonly #failure: (error: unknown) => unknown;
  readonly #tokens = new Map<string, AccessToken>();
  readonly #asking = new Map<string, Promise<AccessToken>>();

  /** @param failure what is thrown in place of an error of the credential. */
  constructor(credential: TokenCredential, failure: (error: unknown) => unknown) {
    this.#credential = credential;
    this.#failure = failure;
  }

  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> {
    const { claims, tenantId, enableCae } = options;
    const wanted = { claims, tenantId, enableCae };
    const key = JSON.stringify([scopes, enableCae]);
    if (tenantId !== undefined) return this.#fetch(scopes, wanted);
    if (claims !== undefined) {
      // The service asks for more than the token that is kept can show.
      const fuller = await this.#fetch(scopes, wanted);
      this.#tokens.set(key, fuller);
      return fuller;
    }
    const token = this.#tokens.get(key);
    const now = Date.now();
    if (token && !isDue(token, now)) return token;
    const asking = this.#asking.get(key) ?? this.#fetch(scopes, wanted).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    try {
      const fresh = await asking;
      this.#tokens.set(key, fresh);
      return fresh;
    } catch (error) {
      if (token && token.expiresOnTimestamp > now) return token;
      throw error;
    }
  }

  async #fetch(scopes: string | string[], options: Wanted): Promise<AccessToken> {
    let token: AccessToken | null;
    try {
      token = await this.#credential.getToken(scopes, present(options));
    } catch (error) {
      throw this.#failure(error);
    }
    if (token) return token;
    throw new OnRecordError('unauthenticated', 'The credential gave no token.', {
      remedy: 'Check what the credential is made from.',
    });
  }
}

interface Wanted {
  readonly claims: string | undefined;
  readonly tenantId: string | undefined;
  readonly enableCae: boolean | undefined;
}

function present({ claims, tenantId, enableCae }: Wanted): GetTokenOptions {
  return {
    ...(claims === undefined ? {} : { claims }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(enableCae === undefined ? {} : { enableCae }),
  };
}

function isDue({ expiresOnTimestamp, refreshAfterTimestamp }: AccessToken, now: number): boolean {
  return (refreshAfterTimestamp ?? Number.POSITIVE_INFINITY) <= now || expiresOnTimestamp - refreshWindowMs <= now;
}
