import type { Answer } from '../../http/index.ts';
import { isRecord } from '../schema/shape.ts';
import { ApiError, invalid, jsonAnswer, notEstablished, notFound } from '../server/api-error.ts';
import type { AzureWorld } from '../world.ts';
import type { CallDirectory } from './call-directory.ts';
import { callProperties } from './call-properties.ts';
import { requestedRawId } from './identifier.ts';
import { PLAY_FAILURES, type PlayFailure, type PromptSource } from './prompt-source.ts';
import type { SimulatedAzureCall } from './simulated-azure-call.ts';

/** The call operations of the API, on requests whose fields and credentials were checked. */
export class Calls {
  readonly #world: AzureWorld;
  readonly #directory: CallDirectory;
  readonly #failures: PlayFailure[] = [];

  constructor(world: AzureWorld, directory: CallDirectory) {
    this.#world = world;
    this.#directory = directory;
  }

  /** The next play is answered 202 and fails. */
  failNextPlay(failure: PlayFailure): void {
    this.#failures.push(failure);
  }

  get(callConnectionId: string): Answer {
    return jsonAnswer(200, callProperties(this.#directory.connection(callConnectionId)));
  }

  /** Our leg leaves; the call goes on. */
  hangUp(callConnectionId: string): Answer {
    this.#directory.connection(callConnectionId).hangUp();
    return { status: 204 };
  }

  /** The call is over for everyone. */
  terminate(callConnectionId: string): Answer {
    this.#directory.connection(callConnectionId).end();
    return { status: 204 };
  }

  participants(callConnectionId: string): Answer {
    return jsonAnswer(200, { value: this.#present(callConnectionId) });
  }

  participant(callConnectionId: string, rawId: string): Answer {
    const participant = this.#present(callConnectionId).find(({ identifier }) => identifier.rawId === rawId);
    if (!participant) throw notFound('Participant');
    return jsonAnswer(200, participant);
  }

  play(callConnectionId: string, body: Readonly<Record<string, unknown>>): Answer {
    const call = this.#established(callConnectionId);
    const { playOptions, operationContext, operationCallbackUri, interruptCallMediaOperation } = body;
    const sources = sourcesOf(body['playSources']);
    const speaks = sources.some(({ kind }) => kind !== 'file');
    const mute = speaks && call.placement.cognitiveServicesEndpoint === undefined;
    if (mute && this.#world.behaviour.speechWithoutAi === 'refuse') {
      throw new ApiError(400, '8567', 'No cognitive services endpoint was given when the call was answered or placed.');
    }
    const failure = this.#failures.shift() ?? (mute ? PLAY_FAILURES.noSpeech : undefined);
    const order = {
      sources,
      loop: isRecord(playOptions) && playOptions['loop'] === true,
      targets: targetsOf(call, body['playTo']),
      operationContext: typeof operationContext === 'string' ? operationContext : undefined,
      operationCallbackUri: typeof operationCallbackUri === 'string' ? operationCallbackUri : undefined,
      failure,
    };
    call.prompts.add(order, interruptCallMediaOperation === true);
    return { status: 202 };
  }

  cancelAllMedia(callConnectionId: string): Answer {
    this.#established(callConnectionId).prompts.cancelAll();
    return { status: 202 };
  }

  #established(callConnectionId: string): SimulatedAzureCall {
    const call = this.#directory.connection(callConnectionId);
    if (call.established) return call;
    throw notEstablished();
  }

  #present(callConnectionId: string): readonly { identifier: { rawId: string }; isMuted: false; isOnHold: false }[] {
    const { present } = this.#directory.connection(callConnectionId);
    const people = present.filter(({ rawId }) => !isBot(rawId));
    return people.map((identifier) => ({ identifier, isMuted: false, isOnHold: false }));
  }
}

/** Bots that record or transcribe are omitted from lists of participants (swagger); `28:orgid:` is an account of Teams. */
function isBot(rawId: string): boolean {
  return /^28:(?!(orgid|dod|gcch):)/.test(rawId);
}

function sourcesOf(value: unknown): readonly PromptSource[] {
  const sources = (Array.isArray(value) ? value : []).map(sourceOf);
  if (sources.length === 0) throw invalid('playSources must not be empty.');
  return sources;
}

function sourceOf(source: unknown): PromptSource {
  const { kind, file, text, ssml, playSourceCacheId } = isRecord(source) ? source : {};
  const cacheId = typeof playSourceCacheId === 'string' ? playSourceCacheId : undefined;
  if (kind === 'file') {
    const url = isRecord(file) ? file['uri'] : undefined;
    if (typeof url !== 'string' || !URL.canParse(url)) throw invalid('The uri of a file source must be a URL.');
    return { kind, url, cacheId };
  }
  const spoken = kind === 'ssml' ? (isRecord(ssml) ? ssml['ssmlText'] : undefined) : isRecord(text) ? text['text'] : '';
  if (typeof spoken !== 'string' || spoken === '')
    throw new ApiError(400, '8582', 'The text or SSML to play is empty.');
  return { kind: kind === 'ssml' ? 'ssml' : 'text', text: spoken, cacheId };
}

/** Raw ids of who is to hear it; empty means everyone. */
function targetsOf(call: SimulatedAzureCall, value: unknown): readonly string[] {
  const targets = (Array.isArray(value) ? value : []).map(requestedRawId);
  return targets.map((rawId) => {
    if (rawId === undefined || !call.present.some((identifier) => identifier.rawId === rawId)) {
      throw notFound('Participant');
    }
    return rawId;
  });
}
