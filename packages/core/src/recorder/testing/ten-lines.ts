/** The shortest program, with a provider in memory: it must end by itself once the recording is settled. */
import { memory } from '@onrecord/storage';
import { wavBytes } from '../../media/index.ts';
import { createRecorder } from '../create-recorder.ts';
import { fullCapabilities, ScriptedProvider, scriptedDriver } from './scripted-provider.ts';

const provider = new ScriptedProvider();
const recorder = createRecorder(scriptedDriver(provider, fullCapabilities), { archive: memory() });
const session = await recorder.start({ call: { kind: 'test.call', provider: 'scripted', key: 'call-1', data: {} } });
await session.pause();
await session.resume();
await session.stop();
await recorder.ingest(provider.fileReady(wavBytes({ sampleRate: 8_000, channels: [new Int16Array(8_000)] })));
const { state, artifacts } = await session.settled();
console.log(JSON.stringify({ state, artifacts: artifacts.map((each) => [each.role, each.state]) }));
