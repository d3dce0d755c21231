import { OnRecordError, type SessionRecord } from '@onrecord/core';
import { checkRecord } from '../record/decode.ts';
import { BoundedMap } from './bounded-map.ts';
import { recordName, segmentOf } from './names.ts';
import type { Condition, Found, ObjectTable } from './object-table.ts';

/** Version of the object around a record. */
const format = 'onrecord.session-object/v1';

/** Sessions of which this process remembers the version, so that a save after a load costs one request. */
const rememberedSessions = 2_000;

/** What is known of a session's object without its record. */
export interface Held {
  readonly etag: string;
  readonly writes: readonly string[];
  /** 0 for a creation that another process called off. */
  readonly revision: number;
  readonly keys: readonly string[];
  /** Place in the list of sessions. */
  readonly order: string;
  /** The due marker that counts; every other one of this session does not. */
  readonly due?: string | undefined;
  readonly lease?: SessionRecord['lease'];
}

export interface FoundSession extends Held {
  /** `undefined` for a creation that was called off: it may still be made. */
  readonly record: SessionRecord | undefined;
}

export interface SessionContent {
  readonly record: SessionRecord | undefined;
  readonly keys: readonly string[];
  readonly order: string;
  readonly due?: string | undefined;
}

/** The object of each session: its record, the keys it holds and its due marker, changed together. */
export class SessionObjects {
  readonly #table: ObjectTable;
  readonly #held = new BoundedMap<Held>(rememberedSessions);

  constructor(table: ObjectTable) {
    this.#table = table;
  }

  /** What this process knows of the newest version; it may be older than that. */
  known(id: string): Held | undefined {
    return this.#held.get(segmentOf(id));
  }

  read(id: string): Promise<FoundSession | undefined> {
    return this.readSegment(segmentOf(id));
  }

  async readSegment(segment: string): Promise<FoundSession | undefined> {
    const found = await this.#table.read(recordName(segment));
    return found && this.#remember(segment, this.#decode(segment, found));
  }

  etagOf(id: string): Promise<string | undefined> {
    return this.#table.etagOf(recordName(segmentOf(id)));
  }

  /** Writes the content, if the object is still the one named: `undefined` when there must be none. */
  async write(
    segment: string,
    content: SessionContent,
    over: Held | undefined,
  ): Promise<{ readonly written: true } | { readonly written: false; readonly found: FoundSession | undefined }> {
    const condition: Condition = over ? { ifMatch: over.etag } : { ifAbsent: true };
    const { record, keys, order, due } = content;
    const value = { format, order, keys, ...(due === undefined ? {} : { due }), record: record ?? null };
    const result = await this.#table.write(recordName(segment), value, condition, over?.writes);
    if ('refused' in result) {
      this.#held.delete(segment);
      const found = result.refused && this.#remember(segment, this.#decode(segment, result.refused));
      return { written: false, found };
    }
    const { etag, writes } = result;
    if (etag === undefined) this.#held.delete(segment);
    else this.#remember(segment, { etag, writes, ...aboutOf(content) });
    return { written: true };
  }

  /**
   * Makes every write that is based on `found` fail: the creation of a session that is not there yet is called off, and
   * a session that is counts one revision more. False when it had changed already.
   */
  async fence(segment: string, found: FoundSession | undefined): Promise<boolean> {
    const record = found?.record && { ...found.record, revision: found.record.revision + 1 };
    const content = { record, keys: found?.keys ?? [], order: found?.order ?? '', due: found?.due };
    return (await this.write(segment, content, found)).written;
  }

  #remember<H extends Held>(segment: string, held: H): H {
    const { etag, writes, revision, keys, order, due, lease } = held;
    this.#held.set(segment, { etag, writes, revision, keys, order, due, lease });
    return held;
  }

  #decode(segment: string, { value, etag, writes }: Found): FoundSession {
    const uri = this.#table.uriOf(recordName(segment));
    const { keys, order, due, record } = value;
    if (value['format'] !== format) refuseFormat(value['format'], uri);
    if (!Array.isArray(keys) || typeof order !== 'string') throw damaged(uri);
    const content = {
      record: record === null ? undefined : checkRecord(record, uri),
      keys: keys.map(String),
      order,
      due: typeof due === 'string' ? due : undefined,
    };
    return { etag, writes, record: content.record, ...aboutOf(content) };
  }
}

function aboutOf({ record, keys, order, due }: SessionContent): Omit<Held, 'etag' | 'writes'> {
  return { revision: record?.revision ?? 0, keys, order, due, lease: record?.lease };
}

function refuseFormat(given: unknown, uri: string): never {
  if (/^onrecord\.session-object\/v\d+$/.test(String(given))) {
    throw new OnRecordError('unsupported', `A newer version of OnRecord wrote ${uri} (${given}).`, {
      remedy: 'Update OnRecord in this process; nothing was written.',
    });
  }
  throw damaged(uri);
}

function damaged(uri: string): OnRecordError {
  return new OnRecordError('integrity-failed', `${uri} is no session object.`, {
    blame: 'destination',
    remedy: 'Give the session store a prefix of its own, or restore the object.',
  });
}
