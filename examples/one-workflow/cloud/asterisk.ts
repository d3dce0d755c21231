import { captured } from './asterisk/captured.ts';
import { Observer } from './asterisk/observer.ts';
import { Pbx } from './asterisk/pbx.ts';
import { PhoneTalk } from './asterisk/phone-talk.ts';
import { openServer, type PbxServer } from './asterisk/server.ts';
import { Strain } from './asterisk/strain.ts';
import { Wiretap } from './asterisk/wiretap.ts';
import type { Scene } from './scene.ts';

/** Of the configuration. */
const app = 'onrecord-demo';
const folder = 'onrecord-demo';

/** A real Asterisk, with a telephone system that connects a caller and a callee. */
export async function openAsterisk(): Promise<Scene> {
  const server = await openServer();
  try {
    const observer = await Observer.open(server.access);
    const pbx = await Pbx.open(server.access, observer);
    return sceneOn(server, observer, pbx, await Wiretap.open(server.access.url));
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function sceneOn(server: PbxServer, observer: Observer, pbx: Pbx, wiretap: Wiretap): Scene {
  const { access, suite, version, notice } = server;
  const conversation = new PhoneTalk();
  const problems: string[] = [];
  const strain = new Strain();
  return {
    conversation,
    server: `Asterisk ${version}`,
    processes: [],
    environment: {
      ARI_URL: wiretap.url,
      ARI_USERNAME: access.username,
      ARI_PASSWORD: access.password,
      ARI_SERVER: suite,
      ARI_NOTICE: notice,
    },
    async ring() {
      strain.begin();
      const caller = await pbx.answer(app);
      conversation.join('caller', caller);
      await pbx.heard(caller);
      conversation.join('callee', await pbx.connect(caller));
    },
    hangUp() {
      strain.end();
      pbx.hangUp().catch((error: unknown) => problems.push(`hanging up: ${String(error)}`));
    },
    capture: () => ({ files: captured(observer, wiretap, folder), silenced: [] }),
    problems: () => problems,
    strain: () => strain.reason,
    async [Symbol.asyncDispose]() {
      await pbx.close();
      wiretap.close();
      observer.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
