/** The directory, and the one application in it, that may use the resource by access tokens. */
export interface EntraOptions {
  /** GUID. @default a new one */
  readonly tenantId?: string | undefined;
  /** GUID of the application. @default a new one */
  readonly clientId?: string | undefined;
  /** @default a new one */
  readonly clientSecret?: string | undefined;
  /** Whether the application has a role on the resource; without one the API answers 403/7504, and files 403. @default true */
  readonly authorized?: boolean | undefined;
  /** PEM of public keys or certificates whose owners may sign client assertions. @default none */
  readonly assertionKeys?: readonly string[] | undefined;
  /** Life of an access token, seconds; documented as 60 to 90 minutes, and seen as 3599 for applications. @default 3599 */
  readonly tokenSeconds?: number | undefined;
  /**
   * Epoch ms that access tokens are issued and judged by. The vendor's credentials keep a token by the machine's clock,
   * so that is the default, whatever `clock` says; give `() => clock.now()` to let tokens expire in virtual time.
   */
  readonly now?: (() => number) | undefined;
}

/** What `ClientSecretCredential` needs to get tokens from the simulator. */
export interface EntraAddress {
  /** `https://127.0.0.1:<port>`: for the option `authorityHost`; its certificate is {@link SimulatedAzure.ca}. */
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}
