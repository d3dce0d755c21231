import type { LaneServer } from './lane.ts';
import { suiteOfVersion } from './suite.ts';

/** Reads `http://USER:PASSWORD@HOST:PORT/ari` and asks the server for its version. */
export async function foreignServer(address: string): Promise<LaneServer> {
  const parsed = URL.parse(address);
  if (!parsed?.username || !parsed.password) {
    throw new Error('ASTERISK_ARI_URL must read http://USER:PASSWORD@HOST:PORT/ari');
  }
  const username = decodeURIComponent(parsed.username);
  const password = decodeURIComponent(parsed.password);
  const url = `${parsed.origin}${parsed.pathname.replace(/\/$/, '')}`;
  const response = await fetch(`${url}/asterisk/info`, {
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`ASTERISK_ARI_URL: ${url}/asterisk/info answered ${response.status}`);
  const { system } = (await response.json()) as { readonly system: { readonly version: string } };
  return { suite: suiteOfVersion(system.version), version: system.version, url, username, password };
}
