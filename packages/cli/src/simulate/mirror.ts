import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { SimulatedS3 } from '@onrecord/simulator';

/** Writes every object that is stored from now on to `<folder>/<bucket>/<key>`, so that it can be listened to. */
export function mirrorObjects(s3: SimulatedS3, folder: string, tell: (line: string) => void): void {
  s3.onObjectCreated(({ bucket, key, size }) => {
    const object = s3.get(bucket, key);
    const path = resolve(folder, bucket, key);
    const inside = relative(join(folder, bucket), path);
    // A key may hold anything, and nothing is written outside the folder.
    if (!object || inside === '' || inside.startsWith('..') || isAbsolute(inside) || key.endsWith('/')) return;
    mkdir(dirname(path), { recursive: true })
      .then(() => writeFile(path, object.bytes))
      .then(
        () => tell(`${path} ${size} bytes`),
        (error: unknown) => tell(`${path} could not be written: ${String(error)}`),
      );
  });
}
