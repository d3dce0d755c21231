import { z } from 'zod';
import type { Emulation } from '../capabilities/offer.ts';
import { type Deadlines, defaultDeadlines } from '../commands/deadlines.ts';
import type { ConfigProblem } from './plugin.ts';

/** A service by the type of its plugin, with that plugin's own options beside it. */
export interface PluginConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

export interface ProviderConfig extends PluginConfig {
  /** No new sessions start here; running ones finish. */
  readonly drain?: boolean | undefined;
  /** Where the provider itself puts finished files. */
  readonly landing?: PluginConfig | undefined;
  readonly emulate?: Emulation[] | undefined;
}

/** The shape of a configuration; the options of providers and stores are checked by their own packages. */
export interface Config {
  readonly deployment?: string | undefined;
  /** The address in front of `recorder.ingest`, as providers know it; see `ReceiveOptions.publicUrl`. */
  readonly publicUrl?: string | undefined;
  /** The provider instance that starts calls; may be left out when there is one. */
  readonly use?: string | undefined;
  readonly providers: Record<string, ProviderConfig>;
  /** Default `{ type: 'memory' }`. */
  readonly store?: PluginConfig | undefined;
  readonly archive?: (PluginConfig & { readonly mode?: 'in-place' | 'copy' | 'move' | undefined }) | undefined;
  /** Milliseconds until a command that is not confirmed is given up, 1,000 to 3,600,000; see {@link Deadlines}. */
  readonly deadlines?: { readonly [K in keyof Deadlines]?: number | undefined } | undefined;
}

const plugin = z.looseObject({ type: z.string().min(1) });

const provider = plugin.extend({
  /** No new sessions start here; running ones finish. */
  drain: z.boolean().optional(),
  landing: plugin.optional(),
  emulate: z.array(z.enum(['pause-by-segments'])).optional(),
});

const deadline = z.int().min(1_000).max(3_600_000).optional();

const configSchema = z.strictObject({
  deployment: z.string().min(1).max(64).optional(),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  use: z.string().optional(),
  providers: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), provider),
  store: plugin.optional(),
  archive: plugin.extend({ mode: z.enum(['in-place', 'copy', 'move']).optional() }).optional(),
  deadlines: z
    .strictObject({ start: deadline, pause: deadline, resume: deadline, stop: deadline, discard: deadline })
    .optional(),
});

/**
 * Checks the shape and says everything that is wrong at once. `readable` holds the services that can be checked further,
 * whatever is wrong with the rest.
 */
export function checkShape(value: unknown): {
  readonly config?: Config;
  readonly readable: Config;
  readonly problems: readonly ConfigProblem[];
} {
  const result = configSchema.safeParse(value, { error: messageOf });
  if (result.success) {
    return { config: result.data, readable: result.data, problems: instanceProblems(result.data) };
  }
  const problems = result.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.') || '(root)',
    message,
  }));
  const { data: instances } = named.safeParse(value);
  return {
    readable: readableParts(value),
    problems: [...problems, ...(instances ? instanceProblems(instances) : [])],
  };
}

/** In words of the configuration; where this says nothing, zod does. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    const known = issue.path?.[0] === 'deadlines' ? defaultDeadlines : configSchema.shape;
    return `There is no ${keys}; there are ${Object.keys(known).join(', ')}.`;
  }
  return issue.input === undefined ? 'Missing.' : undefined;
}

/** What the choice of an instance needs to know, of a configuration with other problems. */
const named = z.looseObject({
  use: z.string().optional(),
  providers: z.record(z.string(), z.looseObject({ drain: z.boolean().optional().catch(undefined) }).catch({})),
});

const part = z.looseObject({ providers: z.record(z.string(), z.unknown()).catch({}) });

function readableParts(value: unknown): Config {
  const given = part.safeParse(value).data ?? { providers: {} };
  const providers = Object.entries(given.providers).flatMap(([name, each]) => {
    const { data } = provider.safeParse(each);
    return data ? [[name, data] as const] : [];
  });
  const { data: store } = plugin.safeParse(given['store']);
  const { data: archive } = configSchema.shape.archive.safeParse(given['archive']);
  return { providers: Object.fromEntries(providers), ...(store ? { store } : {}), ...(archive ? { archive } : {}) };
}

function instanceProblems({
  use,
  providers,
}: {
  readonly use?: string | undefined;
  readonly providers: Readonly<Record<string, Pick<ProviderConfig, 'drain'>>>;
}): readonly ConfigProblem[] {
  const names = Object.keys(providers);
  if (names.length === 0) return [{ path: 'providers', message: 'No provider is configured.' }];
  if (use === undefined) {
    return names.length === 1
      ? []
      : [
          {
            path: 'use',
            message: `Several providers are configured; say which one starts calls: ${names.join(', ')}.`,
          },
        ];
  }
  if (!names.includes(use))
    return [{ path: 'use', message: `There is no provider "${use}"; known are ${names.join(', ')}.` }];
  if (providers[use]?.drain) {
    return [{ path: 'use', message: `The provider "${use}" is draining, so it cannot start calls.` }];
  }
  return [];
}
