import { type JsonObject, unknownMembers } from '@onrecord/core';
import type { Problem } from '../config/problem.ts';
import { type ChannelWish, channelOptions, readChannels } from './channels.ts';
import { readStorageChoice, type StorageChoice } from './recording-storage.ts';

/** The options of a start, read. */
export interface ReadOptions {
  readonly channels: ChannelWish | undefined;
  readonly storage: StorageChoice | undefined;
}

const names = [...channelOptions, 'recordingStorage'] as const;

export const optionsPath = 'providerOptions';

/** Reads the options as far as they can be judged without the rest of the start. */
export function readOptions(options: JsonObject, problems: Problem[]): ReadOptions {
  for (const name of Object.keys(options).filter((given) => !names.some((known) => known === given))) {
    const message = elsewhere.get(name.toLowerCase());
    if (message === undefined) problems.push(...unknownMembers({ [name]: true }, names, optionsPath));
    else problems.push({ path: `${optionsPath}.${name}`, message: `There is no such option; ${message}` });
  }
  const given = channelOptions.filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    const message = `Give either ${given.join(' or ')}: which of them would win is not documented.`;
    problems.push({ path: optionsPath, message });
  }
  const wishes = given.map((name) => readChannels(name, options[name], `${optionsPath}.${name}`, problems));
  const { recordingStorage } = options;
  const storage =
    recordingStorage === undefined
      ? undefined
      : readStorageChoice(recordingStorage, `${optionsPath}.recordingStorage`, problems);
  return { channels: wishes[0], storage };
}

const output = 'did you mean output: { media, layout, container } of the start?';
const callback = 'did you mean callbackUrl in the options of the provider? It is signed for every start.';
const call = 'did you mean call of the start, made by azureServerCall() and its like?';
const storage = 'did you mean recordingStorage: { containerUrl } in the options of the provider?';

/** Names of the SDK and the API, in lower case, for what stands elsewhere here. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['recordingcontent', output],
  ['recordingcontenttype', output],
  ['recordingchannel', output],
  ['recordingchanneltype', output],
  ['recordingformat', output],
  ['recordingformattype', output],
  ['pauseonstart', 'did you mean startPaused of the start?'],
  ['recordingstatecallbackendpointurl', callback],
  ['recordingstatecallbackuri', callback],
  ['recordingstatecallbackurl', callback],
  ['calllocator', call],
  ['callconnectionid', call],
  ['servercallid', call],
  ['groupcallid', call],
  ['roomid', call],
  ['externalstorage', storage],
  ['recordingdestinationcontainerurl', storage],
]);
