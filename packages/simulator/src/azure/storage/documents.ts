import type { Clock } from '@onrecord/core';
import type { Content } from '../media/content.ts';
import { contentOf } from '../media/content.ts';

/** The parts of a document that have addresses of their own. */
export type DocumentPart = 'content' | 'metadata';

/** What a document is made of. */
export interface NewDocument {
  /** Made when it is first asked for, and kept. */
  readonly content: () => Promise<Content>;
  readonly metadata: Uint8Array;
  /** From now on, ms. */
  readonly lifetimeMs: number;
  /** How long metadata are not found, ms; `Infinity` for ever. */
  readonly metadataDelayMs: number;
}

interface StoredDocument {
  readonly expiresAt: number;
  readonly metadataFrom: number;
  readonly parts: Readonly<Record<DocumentPart, () => Promise<Content>>>;
}

/** The files of the storage host, by document id, until they expire or are deleted. */
export class Documents {
  readonly #clock: Clock;
  readonly #documents = new Map<string, StoredDocument>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: string, { content, metadata, lifetimeMs, metadataDelayMs }: NewDocument): void {
    let made: Promise<Content> | undefined;
    const now = this.#clock.now();
    this.#documents.set(id, {
      expiresAt: now + lifetimeMs,
      metadataFrom: now + metadataDelayMs,
      parts: {
        content: () => {
          made ??= content();
          return made;
        },
        metadata: async () => contentOf(metadata),
      },
    });
  }

  /** The file; undefined when it never was or not yet, is deleted, or has expired. */
  async find(id: string, part: DocumentPart): Promise<Content | undefined> {
    const document = this.#live(id);
    if (!document || (part === 'metadata' && this.#clock.now() < document.metadataFrom)) return undefined;
    return document.parts[part]();
  }

  /** Deletes both parts. @returns whether there was something to delete. */
  delete(id: string): boolean {
    return this.#live(id) !== undefined && this.#documents.delete(id);
  }

  #live(id: string): StoredDocument | undefined {
    const document = this.#documents.get(id);
    return document && this.#clock.now() < document.expiresAt ? document : undefined;
  }
}
