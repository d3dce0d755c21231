import type { Json, ParkedReport, Report } from '@onrecord/core';
import { inBatches } from './in-batches.ts';
import { noteName, parkedName, parkedPrefix } from './names.ts';
import type { Found, ObjectTable } from './object-table.ts';

/** Reports under one key that are read with one request of listing; more cost another one. */
const parkedPage = 100;

/** What lies beside the sessions until it expires: remembered values and parked reports. None is ever changed. */
export class Aside {
  readonly #table: ObjectTable;

  constructor(table: ObjectTable) {
    this.#table = table;
  }

  async remember(name: string, value: Json, expiresAt: string): Promise<Json> {
    const made = await this.#table.write(noteName(name), { name, value, expiresAt }, { ifAbsent: true });
    if (!('refused' in made)) return value;
    return made.refused ? rememberedIn(made.refused) : value;
  }

  async recall(name: string): Promise<Json | undefined> {
    const found = await this.#table.read(noteName(name));
    return found && rememberedIn(found);
  }

  async park({ key, report, expiresAt }: ParkedReport): Promise<void> {
    await this.#table.write(parkedName(key, report.reportId), { key, report, expiresAt }, { ifAbsent: true });
  }

  async unpark(keys: readonly string[], now: string, taken: readonly string[]): Promise<readonly ParkedReport[]> {
    const names = keys.flatMap((key) => taken.map((reportId) => parkedName(key, reportId)));
    await inBatches(names, (name) => this.#table.remove(name));
    const found = await Promise.all([...new Set(keys)].map((key) => this.#parkedUnder(key, new Set(names))));
    return found.flat().filter(({ expiresAt }) => expiresAt > now);
  }

  async #parkedUnder(key: string, removed: ReadonlySet<string>): Promise<readonly ParkedReport[]> {
    const names: string[] = [];
    for await (const { name } of this.#table.entries(parkedPrefix(key), parkedPage)) {
      if (!removed.has(name)) names.push(name);
    }
    const found = await inBatches(names, (name) => this.#table.read(name));
    return found.flatMap((each) => {
      if (!each) return [];
      const { report, expiresAt } = each.value;
      return [{ key, report: report as Report, expiresAt: String(expiresAt) }];
    });
  }
}

function rememberedIn({ value }: Found): Json {
  return value['value'] as Json;
}
