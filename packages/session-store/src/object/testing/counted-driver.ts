import type { StorageDriver } from '@onrecord/core';

/** Requests by method: one each, as the SDKs of S3 and Blob send them for small objects. */
export interface Counted {
  readonly driver: StorageDriver;
  /** What was asked for since the last time, e.g. `put 2, get 1`. */
  take(): string;
}

export function counted(inner: StorageDriver): Counted {
  const counts = new Map<string, number>();
  const count = (method: string) => void counts.set(method, (counts.get(method) ?? 0) + 1);
  const driver: StorageDriver = {
    type: inner.type,
    scheme: inner.scheme,
    capabilities: inner.capabilities,
    uriOf: (key) => inner.uriOf(key),
    keyOf: (uri) => inner.keyOf(uri),
    doPut(key, body, options) {
      count('put');
      return inner.doPut(key, body, options);
    },
    doGet(key, options) {
      count('get');
      return inner.doGet(key, options);
    },
    doHead(key, options) {
      count('head');
      return inner.doHead(key, options);
    },
    doDelete(key, options) {
      count('delete');
      return inner.doDelete(key, options);
    },
    doList(prefix, options) {
      count('list');
      return inner.doList(prefix, options);
    },
    classifyError: (error) => inner.classifyError(error),
    native: () => inner.native(),
    close: () => inner.close(),
  };
  return {
    driver,
    take() {
      const text = ['put', 'get', 'head', 'list', 'delete']
        .flatMap((method) => (counts.has(method) ? [`${method} ${counts.get(method)}`] : []))
        .join(', ');
      counts.clear();
      return text === '' ? 'nothing' : text;
    },
  };
}
