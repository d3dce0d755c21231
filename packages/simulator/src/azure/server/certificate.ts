import { generate } from 'selfsigned';

/** A certificate and its key, PEM; being its own issuer, the certificate is also what a client has to trust. */
export interface SelfSignedCertificate {
  readonly key: string;
  readonly cert: string;
}

/** A new self-signed certificate for the DNS names (wildcards allowed) and for 127.0.0.1, valid for a year by the real clock. */
export async function selfSignedCertificate(names: readonly string[]): Promise<SelfSignedCertificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...names.map((value) => ({ type: 2 as const, value })), { type: 7 as const, ip: '127.0.0.1' }],
      },
    ],
  });
  return { key, cert };
}
