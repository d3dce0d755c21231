import { Readable } from 'node:stream';
import type { Clock } from '@onrecord/core';
import { FaultPlan } from '../../faults/fault-plan.ts';
import type { Content } from '../media/content.ts';
import type { BlobAccount } from './blob-account.ts';
import { blobContainer } from './blob-client.ts';
import { type BlobDestination, blobUrl } from './blob-destination.ts';

/** How a Blob service refuses a write. */
export interface ExportFailure {
  /** HTTP status; undefined when no account was reached. */
  readonly status: number | undefined;
  /** Its `x-ms-error-code`: `ContainerNotFound`, `AuthorizationPermissionMismatch`. */
  readonly code: string;
}

/** One try to write one file into a container. */
export interface ExportAttempt {
  /** Epoch ms of the simulator's clock. */
  readonly at: number;
  readonly url: string;
  /** Undefined when the file was written. */
  readonly failure: ExportFailure | undefined;
}

/** Sent in one request up to this size, in blocks of it above; two blocks are in memory at most. */
const BLOCK_BYTES = 4 * 1024 * 1024;
const PARALLEL_BLOCKS = 2;

/** Writes the files of recordings into the customer's own containers, streaming. */
export class BlobExport {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #accounts: Readonly<Record<string, BlobAccount>>;
  readonly #failures = new FaultPlan<string, ExportFailure>((url) => url);
  readonly #attempts: ExportAttempt[] = [];

  constructor(clock: Clock, signal: AbortSignal, accounts: Readonly<Record<string, BlobAccount>>) {
    this.#clock = clock;
    this.#signal = signal;
    this.#accounts = accounts;
  }

  /** Every try so far, oldest first. */
  get attempts(): readonly ExportAttempt[] {
    return [...this.#attempts];
  }

  /** A file is refused so: the next one, or the one after `skip` files. */
  failNext(failure: ExportFailure, skip: number): void {
    this.#failures.next({ fault: failure, skip });
  }

  /** Writes `content` under `name`. @returns whether it was written; why not stands in {@link attempts}. */
  async write(destination: BlobDestination, name: string, content: Content, contentType: string): Promise<boolean> {
    const url = blobUrl(destination, name);
    const failure = this.#failures.take(url) ?? (await this.#write(destination, name, content, contentType));
    this.#attempts.push({ at: this.#clock.now(), url, failure });
    return failure === undefined;
  }

  async #write(
    { account, container }: BlobDestination,
    name: string,
    content: Content,
    blobContentType: string,
  ): Promise<ExportFailure | undefined> {
    const known = Object.hasOwn(this.#accounts, account) ? this.#accounts[account] : undefined;
    if (!known) return { status: undefined, code: 'AccountNotFound' };
    const blob = (await blobContainer(account, known, container)).getBlockBlobClient(name);
    try {
      const blocks = Readable.from(content.read(0, content.bytes), { objectMode: false });
      await blob.uploadStream(blocks, BLOCK_BYTES, PARALLEL_BLOCKS, {
        abortSignal: this.#signal,
        blobHTTPHeaders: { blobContentType },
      });
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }
}

function failureOf(error: unknown): ExportFailure {
  const facts = typeof error === 'object' && error !== null ? error : {};
  return {
    status: 'statusCode' in facts && typeof facts.statusCode === 'number' ? facts.statusCode : undefined,
    code: 'code' in facts && typeof facts.code === 'string' ? facts.code : 'Unreachable',
  };
}
