export type { AdoptionPolicy } from './adopt.ts';
export { createIngestHandler, type IngestOptions } from './ingest-handler.ts';
export type { IngestRoute, IngestTransport, ReceiveOptions } from './receive.ts';
export { toNodeHandler } from './to-node-handler.ts';
