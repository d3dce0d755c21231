import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LambdaTarget } from '@onrecord/simulator';
import { UsageError } from '../usage-error.ts';

type Handler = Extract<LambdaTarget, (...parameters: never[]) => unknown>;

/**
 * The Lambda function behind a SIP media application: a URL that takes the event as a POST (the AWS runtime interface
 * emulator does, under `/2015-03-31/functions/function/invocations`), or a module that exports `handler`.
 * @throws UsageError for a module without it; the module's own error when it cannot be loaded.
 */
export async function lambdaTarget(lambda: string, folder: string): Promise<LambdaTarget> {
  if (/^https?:/.test(lambda)) return lambda;
  const module = (await import(pathToFileURL(resolve(folder, lambda)).href)) as { readonly handler?: unknown };
  if (!isHandler(module.handler)) throw new UsageError(`${lambda} exports no function named handler.`);
  return module.handler;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
