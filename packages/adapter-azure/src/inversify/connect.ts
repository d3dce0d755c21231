import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { unknownMembers } from '@onrecord/core';
import type { ConfigProblem } from '@onrecord/core/inversify';

/** Where connections go, whatever the name of the host, and whom they trust. */
export interface Connect {
  /** IPv4 or IPv6 address. */
  readonly address: string;
  /** PEM of an authority. @default those of Node */
  readonly ca?: string | undefined;
}

export function isConnect(value: unknown): value is Connect {
  return value !== undefined && connectProblems(value).length === 0;
}

export function connectProblems(value: unknown): readonly ConfigProblem[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) {
    return [{ path: 'connect', message: 'Must be an object with address, ca.' }];
  }
  const { address, ca } = value as { readonly address?: unknown; readonly ca?: unknown };
  return [
    ...unknownMembers(value, ['address', 'ca'], 'connect'),
    ...(typeof address === 'string' && isIP(address) !== 0
      ? []
      : [{ path: 'connect.address', message: 'Must be an IP address.' }]),
    ...(ca === undefined || isCertificate(ca)
      ? []
      : [{ path: 'connect.ca', message: 'Must be a certificate as PEM text; "${file:…}" reads one.' }]),
  ];
}

function isCertificate(value: unknown): boolean {
  try {
    return typeof value === 'string' && new X509Certificate(value).subject !== undefined;
  } catch {
    return false;
  }
}

export function agentFor({ address, ca }: Connect): Agent {
  const family = isIP(address);
  const lookup: LookupFunction = (_host, options, callback) =>
    options.all ? callback(null, [{ address, family }]) : callback(null, address, family);
  return new Agent({ lookup, keepAlive: true, ...(ca === undefined ? {} : { ca }) });
}
