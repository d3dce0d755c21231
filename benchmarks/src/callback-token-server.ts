/** Makes callbacks with a token each, as Call Automation signs them, and serves the keys that they are checked by. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const folder = fileURLToPath(new URL('../../out/bench', import.meta.url));
const { publicKey, privateKey } = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'benchmark', alg: 'RS256', use: 'sig' };
const keys = { keys: [jwk] };
const now = Math.floor(Date.now() / 1000);
const tokens: string[] = [];
for (let index = 0; index < 3_200; index++) {
  const token = new SignJWT({ nonce: index }).setProtectedHeader({ alg: 'RS256', kid: 'benchmark' });
  tokens.push(
    await token
      .setIssuer('https://acscallautomation.communication.azure.com')
      .setAudience('benchmark')
      .setIssuedAt(now)
      .setExpirationTime(now + 3_600)
      .sign(privateKey),
  );
}
mkdirSync(folder, { recursive: true });
const path = join(folder, 'callback-tokens.json');
writeFileSync(path, JSON.stringify({ tokens, keys }));

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(keys));
});
server.listen(0, '127.0.0.1', () => process.send?.([(server.address() as AddressInfo).port, path]));
process.on('disconnect', () => process.exit());
