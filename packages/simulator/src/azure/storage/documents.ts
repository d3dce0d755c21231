import type { Clock } from '@onrecord/core';
import type { Content } from '../media/content.ts';
import { contentOf } from '../media/content.ts';

/** The parts of a document that have addresses of their own. */
export type DocumentPart = 'content' | 'metadata';

interface StoredDocument {
  readonly expiresAt: number;
  readonly parts: Readonly<Record<DocumentPart, () => Promise<Content>>>;
}

/** The files of the storage host, by document id, until they expire or are deleted. */
export class Documents {
  readonly #clock: Clock;
  readonly #documents = new Map<string, StoredDocument>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `content` is made when it is first asked for, and kept. */
  add(id: string, content: () => Promise<Content>, metadata: Uint8Array, lifetimeMs: number): void {
    let made: Promise<Content> | undefined;
    this.#documents.set(id, {
      expiresAt: this.#clock.now() + lifetimeMs,
      parts: {
        content: () => {
          made ??= content();
          return made;
        },
        metadata: async () => contentOf(metadata),
      },
    });
  }

  /** The file; undefined when it never was, is deleted, or has expired. */
  async find(id: string, part: DocumentPart): Promise<Content | undefined> {
    return this.#live(id)?.parts[part]();
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
