import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { DriverListener, InboundRequest, RecordingDriver } from '../../driver/driver.ts';
import { OnRecordError } from '../../errors/index.ts';
import { type ScriptedProvider, scriptedDriver } from './scripted-provider.ts';

/** What a {@link ScriptedProvider} tells on a socket instead of by webhook. */
export class ScriptedSocket {
  readonly listeners = new Set<DriverListener>();
  attempts = 0;
  /** Connections open once this resolves. */
  opens: Promise<void> = Promise.resolve();
  /** What the next attempts to connect meet. */
  readonly refusals: unknown[] = [];

  /** Tells whoever is connected what a webhook would. */
  async send(driver: RecordingDriver, webhook: Request): Promise<void> {
    const request: InboundRequest = {
      transport: 'socket',
      headers: Object.fromEntries(webhook.headers),
      body: new Uint8Array(await webhook.arrayBuffer()),
    };
    for (const listener of this.listeners) {
      const parsed = await driver.parse?.(request, context());
      if (parsed) await listener.emit(parsed);
    }
  }
}

/** A driver that hears on a socket, and whose provider starts nothing while nobody is connected. */
export function socketedDriver<C extends Capabilities>(
  provider: ScriptedProvider,
  socket: ScriptedSocket,
  capabilities: C,
): RecordingDriver<C, ScriptedProvider> {
  const driver = scriptedDriver(provider, capabilities);
  return {
    ...driver,
    async doStart(plan, call) {
      if (socket.listeners.size > 0) return driver.doStart(plan, call);
      provider.requests.push('start without listener');
      throw new OnRecordError('unavailable', 'Nobody listens to the provider.', {
        retry: 'safe',
        blame: 'provider',
        remedy: 'Run a worker.',
      });
    },
    async doListen(listener, { signal }) {
      socket.attempts += 1;
      const refusal = socket.refusals.shift();
      if (refusal !== undefined) throw refusal;
      await Promise.race([socket.opens, aborted(signal)]);
      if (signal.aborted) return;
      socket.listeners.add(listener);
      listener.opened();
      await aborted(signal);
      socket.listeners.delete(listener);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function context() {
  return { signal: new AbortController().signal, clock: { now: () => 0, monotonic: () => 0, delay: async () => {} } };
}
