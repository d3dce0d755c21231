import { expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { memorySessionStore } from '../session-store/memory-session-store.ts';
import { HostingProvider, hostingDriver } from '../worker/testing/hosting-driver.ts';
import { createContainer } from './create-container.ts';
import { definePlugin } from './define-plugin.ts';
import { OnRecordToken, RecordingDriverToken, SessionStoreToken, StorageDriverToken } from './tokens.ts';

/** A configuration whose archive cannot be opened, and whose other parts note when they are closed. */
async function scene(failing: readonly string[] = []) {
  const closed: string[] = [];
  const close = (name: string) => async () => {
    await Promise.resolve();
    closed.push(name);
    if (failing.includes(name)) throw new OnRecordError('unavailable', `${name} does not close.`);
  };
  const plugins = [
    definePlugin({
      kind: 'provider',
      type: 'acme',
      create: (_, { name, clock }) => ({
        ...hostingDriver(new HostingProvider(), () => clock.now()),
        close: close(name),
      }),
    }),
    definePlugin({
      kind: 'session-store',
      type: 'own',
      check: () => [],
      create: () => Object.assign(memorySessionStore(), { close: close('store') }),
    }),
    definePlugin({
      kind: 'storage',
      type: 'nowhere',
      check: () => [],
      create: async () => {
        throw new OnRecordError('unavailable', 'There is no such place.');
      },
    }),
  ];
  const providers = { main: { type: 'acme' }, other: { type: 'acme' } };
  const config = { use: 'main', providers, store: { type: 'own' }, archive: { type: 'nowhere' } };
  const container = await createContainer(config, { plugins });
  closed.length = 0;
  return { container, closed };
}

test('what was made is closed though something else could not be, and nobody is told of that again', async () => {
  const { container, closed } = await scene();
  await container.getAsync(RecordingDriverToken, { name: 'main' });
  await container.getAsync(SessionStoreToken);
  await expect(container.getAsync(StorageDriverToken, { name: 'archive' })).rejects.toThrow('no such place');
  await container.unbindAllAsync();
  expect(closed.sort()).toEqual(['main', 'store']);
  expect(container.isBound(SessionStoreToken)).toBe(false);
});

test('what had been made when a recorder could not be is closed', async () => {
  const { container, closed } = await scene();
  await expect(container.getAsync(OnRecordToken)).rejects.toThrow('no such place');
  await container.unbindAllAsync();
  expect(closed).toEqual(['store']);
});

test('everything is closed before the one error that says what did not close', async () => {
  const { container, closed } = await scene(['main', 'store']);
  await container.getAsync(SessionStoreToken);
  for (const name of ['main', 'other']) await container.getAsync(RecordingDriverToken, { name });
  await expect(container.unbindAllAsync()).rejects.toThrow(
    /^2 things did not close:(\n {2}(main|store) does not close\.){2}$/,
  );
  expect(closed.sort()).toEqual(['main', 'other', 'store']);
  await container.unbindAllAsync();
  expect(closed).toHaveLength(3);
});
