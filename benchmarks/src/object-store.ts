/** The session store that a Lambda loads beside its entry: bytes, time to load, and requests of a recorded call. */
import { bundleOf, printBytes } from './bundle.ts';
import { objectStorePrograms } from './object-store-programs.ts';
import { measure, paired, print } from './paired.ts';
import { smaStoreRequests } from './sma-store-requests.ts';

const ready = 'process.stdout.write(String(performance.now()));\n';
const alone = await bundleOf('object-store', objectStorePrograms.alone);
const withS3 = await bundleOf('object-store-s3', objectStorePrograms.withS3 + ready);
const client = await bundleOf('s3-client', objectStorePrograms.client + ready);

printBytes('object session store', alone);
printBytes('object session store with the S3 driver', withS3);
printBytes('client-s3 alone', client);
print(
  'object session store with the S3 driver loaded / client-s3 loaded',
  'ms',
  1.2,
  paired(
    15,
    () => measure([process.execPath, withS3.path]),
    () => measure([process.execPath, client.path]),
  ),
);
for (const { invocation, requests } of await smaStoreRequests()) {
  const counts = Object.entries(requests).map(([operation, count]) => `${operation} ${count}`);
  console.log(`requests of ${invocation}: ${counts.join(', ')}`);
}
