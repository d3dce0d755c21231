import type { ServiceIdentifier } from 'inversify';
import type { Clock } from '../clock.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import type { Logger } from '../log.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import type { Worker } from '../worker/worker.ts';
import type { Config } from './config-schema.ts';
import type { OnRecord } from './create-container.ts';

/** The checked configuration, with its references filled in: it holds secrets. */
export const ConfigToken: ServiceIdentifier<Config> = Symbol.for('@onrecord/Config');
/** The clock of everything in the container. */
export const ClockToken: ServiceIdentifier<Clock> = Symbol.for('@onrecord/Clock');
export const LoggerToken: ServiceIdentifier<Logger> = Symbol.for('@onrecord/Logger');
export const SessionStoreToken: ServiceIdentifier<SessionStore> = Symbol.for('@onrecord/SessionStore');
/** A store; bound by name: `archive`, `landing/<provider instance>`, or `store` for what keeps the sessions. */
export const StorageDriverToken: ServiceIdentifier<StorageDriver> = Symbol.for('@onrecord/StorageDriver');
/** A provider's driver; bound by the name of its instance. */
export const RecordingDriverToken: ServiceIdentifier<RecordingDriver> = Symbol.for('@onrecord/RecordingDriver');
export const WorkerToken: ServiceIdentifier<Worker> = Symbol.for('@onrecord/Worker');
/** Recorders, worker and stores of one configuration. */
export const OnRecordToken: ServiceIdentifier<OnRecord> = Symbol.for('@onrecord/OnRecord');
