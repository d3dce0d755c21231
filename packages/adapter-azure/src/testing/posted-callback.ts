import type { InboundRequest } from '@onrecord/core';
import { openScene, type Scene } from './scene.ts';

/** The first callback of this type that the service really posted. */
function posted(scene: Scene, type: string): InboundRequest {
  const found = scene.heard.find(({ request }) => new TextDecoder().decode(request.body).includes(`.${type}"`));
  if (!found) throw new Error(`no ${type} was posted`);
  return found.request;
}

/** A scene in which a recording has begun, with the callback that said so. */
export async function recorded() {
  const scene = await openScene();
  const part = await scene.recording();
  return { scene, part, request: posted(scene, 'RecordingStateChanged') };
}

/** The same request with something changed. */
export function altered(
  request: InboundRequest,
  change: (url: URL) => void,
  headers: InboundRequest['headers'] = {},
): InboundRequest {
  const url = new URL(request.url ?? '');
  change(url);
  return { ...request, url: url.href, headers: { ...request.headers, ...headers } };
}
