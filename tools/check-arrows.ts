/**
 * Keeps the arrows of the architecture: which package may import which, and which third-party modules belong where.
 * Run by `npm run check:arrows`; prints every violation and exits 1.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Workspace packages that sources may import; tests may import any package's public exports besides. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  storage: ['core'],
  'session-store': ['core'],
  'adapter-chime': ['core'],
  'adapter-azure': ['core'],
  'adapter-asterisk': ['core'],
  'contract-kit': ['core'],
  simulator: ['core'],
  cli: ['core', 'storage', 'session-store', 'adapter-chime', 'adapter-azure', 'adapter-asterisk', 'simulator'],
};

/** Third-party modules that only one folder may import, and folders in which nothing that a Lambda lacks may appear. */
const confined: readonly { readonly module: RegExp; readonly only: RegExp; readonly why: string }[] = [
  {
    module: /^(inversify|reflect-metadata)/,
    only: /\/src\/inversify\//,
    why: 'the container stays behind ./inversify',
  },
  { module: /^(zod|yaml)/, only: /(core\/src\/inversify|cli\/src)\//, why: 'configuration is read behind ./inversify' },
  {
    module: /^@aws-sdk\/client-chime/,
    only: /(adapter-chime\/src\/(?!sma\/)|cli\/src\/)/,
    why: 'the Lambda entry has no SDK',
  },
  {
    module: /^@aws-sdk\/(client-s3|lib-storage|s3-request)/,
    only: /(storage|cli)\/src\/|adapter-chime\/src\/(policies|meeting\/chunks)\//,
    why: 'S3 belongs to storage; of Chime, only its buckets and the chunks that nothing else can join',
  },
  { module: /^@azure\/communication/, only: /adapter-azure\/src\//, why: 'one adapter, one SDK' },
  {
    module: /^@azure\/storage-blob/,
    only: /storage\/src\/|simulator\/src\/azure\/blob\//,
    why: 'Blob belongs to storage; the simulated service writes to it only where an account is given',
  },
  {
    module: /^node:(https?|http2|net|tls)$/,
    only: /(simulator|adapter-azure|cli)\/src\//,
    why: 'importing node:http costs a Lambda 20 ms',
  },
];

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}

/** Every module specifier that a file imports for its value; types leave no trace at run time. */
function* imports(text: string): Generator<string> {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  for (const [, clause = '', specifier = ''] of code.matchAll(
    /\b(?:import|export)\s+([^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/g,
  )) {
    if (!/^type\b/.test(clause.trim())) yield specifier;
  }
  for (const [, specifier = ''] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) yield specifier;
}

const problems: string[] = [];
let files = 0;

for (const [name, allowed] of Object.entries(mayImport)) {
  for (const file of sources(join(root, 'packages', name, 'src'))) {
    files += 1;
    const where = relative(root, file);
    const test = /\.(test|test-d|asterisk)\.ts$|\/testing\//.test(file);
    for (const specifier of imports(readFileSync(file, 'utf8'))) {
      const own = /^@onrecord\/([^/]+)/.exec(specifier)?.[1];
      if (specifier.startsWith('.')) {
        const target = relative(join(root, 'packages', name), join(file, '..', specifier));
        // What several packages test with, and none publishes, stands once.
        const shared = test && join(file, '..', specifier).startsWith(join(root, 'tools', 'testing'));
        if (target.startsWith('..') && !shared) problems.push(`${where}: ${specifier} leaves the package`);
        continue;
      }
      if (test) continue;
      if (own !== undefined && own !== name && !allowed.includes(own)) {
        problems.push(`${where}: ${name} must not import ${specifier}`);
      }
      for (const rule of confined) {
        if (rule.module.test(specifier) && !rule.only.test(`/${where}`)) {
          problems.push(`${where}: ${specifier} does not belong here: ${rule.why}`);
        }
      }
      if (own === undefined && !isBuiltin(specifier)) {
        const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
          readonly dependencies?: Readonly<Record<string, string>>;
          readonly peerDependencies?: Readonly<Record<string, string>>;
        };
        const bare = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
        if (!(bare in { ...manifest.dependencies, ...manifest.peerDependencies })) {
          problems.push(`${where}: ${bare} is not a dependency of @onrecord/${name}`);
        }
      }
    }
  }
}

for (const problem of problems) console.error(problem);
console.log(`check:arrows: ${files} files, ${problems.length} violations`);
process.exitCode = problems.length > 0 ? 1 : 0;
