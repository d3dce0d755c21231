/**
 * What to do about a refusal of Microsoft Entra, by the code at the beginning of its text. The codes may change, so they
 * decide nothing but this advice.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/reference-error-codes}
 */
const remedies: Readonly<Record<string, string>> = {
  AADSTS7000215: "Give the secret's value, not its id, and check that it belongs to clientId.",
  AADSTS7000222: 'The client secret has expired: make a new one in the app registration.',
  AADSTS7000112: 'The application is disabled: enable it in the directory.',
  AADSTS700016: 'Check clientId, and that the application is in the directory of tenantId.',
  AADSTS700027: 'Check that this certificate is registered with the application of clientId.',
  AADSTS700024: "Set this machine's clock: the signed request was not valid at the time of Microsoft Entra.",
  AADSTS70021: 'Check issuer, subject and audience of the federated credential.',
  AADSTS700211: 'Check the issuer of the federated credential.',
  AADSTS700212: 'Check the audience of the federated credential.',
  AADSTS700213: 'Check the subject of the federated credential.',
  AADSTS90002: 'Check tenantId, and that authorityHost is of its cloud.',
  AADSTS900023: 'Check tenantId: it is the GUID of the directory, or one of its domains.',
  AADSTS500011: 'The directory does not know Communication Services by this scope: check scope and tenantId.',
  AADSTS53003: 'A rule of Conditional Access forbids it: ask who administers the directory.',
};

export function entraRemedy(code: string | undefined): string | undefined {
  return code !== undefined && Object.hasOwn(remedies, code) ? remedies[code] : undefined;
}

/** Every code with advice of its own. */
export const knownEntraCodes: readonly string[] = Object.keys(remedies);
