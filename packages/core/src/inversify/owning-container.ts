import { Container } from 'inversify';
import { OnRecordError } from '../errors/index.ts';
import { OnRecordToken, RecordingDriverToken, SessionStoreToken, StorageDriverToken } from './tokens.ts';

/** What has to be closed. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * A container that closes what was made of a configuration. What could not be made was told to whoever asked for it and
 * keeps nothing else open.
 */
export class OwningContainer extends Container {
  readonly #made = { recorders: new Set<Closable>(), services: new Set<Closable>(), storages: new Set<Closable>() };

  constructor() {
    super();
    const { recorders, services, storages } = this.#made;
    const into =
      (made: Set<Closable>) =>
      <T extends Closable>(_: unknown, service: T): T => {
        made.add(service);
        return service;
      };
    this.onActivation(OnRecordToken, into(recorders));
    this.onActivation(RecordingDriverToken, into(services));
    this.onActivation(SessionStoreToken, into(services));
    this.onActivation(StorageDriverToken, into(storages));
  }

  /** @throws what did not close, as one error, after everything else is closed. */
  override async unbindAllAsync(): Promise<void> {
    const { recorders, services, storages } = this.#made;
    // A recorder closes all of its drivers and stores; session stores close before what they are kept in.
    const rounds = recorders.size > 0 ? [[...recorders]] : [[...services], [...storages]];
    for (const made of [recorders, services, storages]) made.clear();
    await closeAll([...rounds, [{ close: () => super.unbindAllAsync() }]]);
  }
}

/** Closes one round after the other, whatever fails. @throws what failed: the error itself, if there is but one. */
export async function closeAll(rounds: readonly (readonly Closable[])[]): Promise<void> {
  const failures: unknown[] = [];
  for (const round of rounds) {
    const results = await Promise.allSettled(round.map(async (each) => each.close()));
    for (const result of results) if (result.status === 'rejected') failures.push(result.reason);
  }
  if (failures.length === 0) return;
  if (failures.length === 1) throw failures[0];
  const lines = failures.map((failure) => `  ${failure instanceof Error ? failure.message : String(failure)}`);
  const message = `${failures.length} things did not close:\n${lines.join('\n')}`;
  throw new OnRecordError('unknown', message, { blame: 'library', cause: new AggregateError(failures) });
}

/**
 * The same service for everybody who asks, made for the first. The container would make a singleton as well, but one
 * that could not be made would keep it from ever unbinding anything.
 */
export function once<A extends readonly unknown[], T>(make: (...context: A) => T | Promise<T>) {
  let made: { readonly service: T | Promise<T> } | undefined;
  return (...context: A): T | Promise<T> => {
    if (made) return made.service;
    const service = make(...context);
    made = { service };
    if (service instanceof Promise) {
      service.then(
        (ready) => {
          made = { service: ready };
        },
        () => {},
      );
    }
    return service;
  };
}
