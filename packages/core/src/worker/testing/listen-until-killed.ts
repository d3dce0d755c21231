/**
 * Runs a worker over the store named on the command line until it is killed. Its provider is the HTTP server of the
 * parent process: `/events` streams one report per line, `/status` says how the recording is. Its clock runs faster than
 * the wall's, so that a lease is over in a few seconds.
 */
import { sqliteSessionStore } from '@onrecord/session-store';
import type { Clock } from '../../clock.ts';
import { systemClock, timestamp } from '../../clock.ts';
import type { Report, Seen } from '../../report/report.ts';
import { createWorker } from '../worker.ts';
import { HostingProvider, hostingDriver } from './hosting-driver.ts';

const [database, address, name, origin = '0', factor = '1'] = process.argv.slice(2);
if (!database || !address || !name) throw new Error('usage: fork with <database> <address> <name> <origin> <factor>');

const faster = (ms: number) => Number(origin) + (ms - Number(origin)) * Number(factor);
const clock: Clock = {
  now: () => faster(systemClock.now()),
  monotonic: () => systemClock.monotonic() * Number(factor),
  delay: (ms, options) => systemClock.delay(ms / Number(factor), options),
};

await createWorker({
  store: sqliteSessionStore({ path: database }),
  clock,
  owner: name,
  instances: {
    main: {
      driver: {
        ...hostingDriver(new HostingProvider(), () => clock.now()),
        async doListen({ opened, emit }, { signal }) {
          const { body } = await fetch(`${address}/events?name=${name}`, { signal });
          opened();
          let text = '';
          for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
            text += piece;
            for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
              const report = JSON.parse(text.slice(0, end)) as Report;
              text = text.slice(end + 1);
              await emit({ reports: [report], calls: [], unhandled: 0 });
            }
          }
        },
        async doStatus({ correlation }, { pollId, asOfOrdinal }) {
          const seen = (await (await fetch(`${address}/status`)).json()) as Seen;
          const at = timestamp(clock.now());
          return [
            {
              reportId: pollId,
              subject: { correlation },
              seen,
              cause: { asOfOrdinal },
              clock: { domain: 'ours', at },
              via: 'poll',
              receivedAt: at,
            },
          ];
        },
      },
    },
  },
}).run({ signal: new AbortController().signal });
