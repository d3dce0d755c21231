import type { AzureBehaviour, AzureBlobAccount } from '@onrecord/simulator';
import { z } from 'zod';
import { UsageError } from '../usage-error.ts';
import type { WantedSubscription } from './azure/event-grid-subscription.ts';

/** Ports unless told otherwise, next to each other and free on most machines. */
export const defaultPorts = { chime: 4560, s3: 4561, azure: 4562, azureHttp: 4563, control: 4564 } as const;

/** What `onrecord simulate` starts, as parsed from its command line. */
export interface SimulateOptions {
  /** 0 = a free one. */
  readonly ports: { readonly [K in keyof typeof defaultPorts]: number };
  readonly region: string;
  readonly buckets: readonly string[];
  /** Where the WAV files that callers speak are. */
  readonly audioFolder: string;
  /** The Lambda function of the SIP media application: a URL that takes invocations, or the path of a module. */
  readonly lambda?: string | undefined;
  readonly sipMediaApplicationId: string;
  /** Where EventBridge events are posted to, as an API destination does. */
  readonly events?: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  readonly azure: AzureSimulation;
}

/** What is simulated of Azure. */
export interface AzureSimulation {
  /** Where Event Grid events are posted to. */
  readonly eventGrid?: WantedSubscription | undefined;
  /** By account name: where Blob accounts of the user really are. */
  readonly blobAccounts: Readonly<Record<string, AzureBlobAccount>>;
  readonly behaviour: Partial<AzureBehaviour>;
  /** Opens the files of the simulated storage host, beside the key of the resource. */
  readonly fileToken: string;
}

const port = z.coerce.number().int().min(0).max(65_535);

/** @throws UsageError naming the option. */
export function portOption(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const { success, data } = port.safeParse(value);
  if (!success || value.trim() === '') throw new UsageError(`--${name} takes a port from 0 to 65535, not ${value}.`);
  return data;
}

/** `name: value` or `name=value`. @throws UsageError */
export function headerOption(value: string): Readonly<Record<string, string>> {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*[:=]\s*(.+)$/.exec(value);
  if (!match) throw new UsageError('--events-header takes "name: value".');
  return { [match[1] ?? '']: match[2] ?? '' };
}

/** @throws UsageError */
export function urlOption(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!URL.canParse(value) || !/^https?:/.test(value)) throw new UsageError(`--${name} takes an http or https URL.`);
  return value;
}
