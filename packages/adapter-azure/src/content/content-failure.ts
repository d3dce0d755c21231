import type { Readable } from 'node:stream';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { type Classification, OnRecordError } from '@onrecord/core';
import { clockAdvice } from '../clock-skew.ts';
import { byStatus } from '../error-table.ts';
import { isObject, textAt } from '../json-reader.ts';
import { retryAfterOf } from '../retry-after.ts';
import { withoutSecrets } from '../without-secrets.ts';

/** Bytes of an error body that are read; the rest is not worth having. */
const bodyLimit = 65_536;

/** What a storage host's refusal means. Its body is read, then let go. */
export async function contentFailure(answer: PipelineResponse): Promise<OnRecordError> {
  const body = await shortText(answer.readableStreamBody as Readable | undefined);
  const parsed = parse(body);
  const said = parsed ? (textAt(parsed, 'message') ?? textAt(parsed, 'title')) : undefined;
  const skewed = answer.status === 401 ? skewOf(answer) : undefined;
  const judged = skewed ?? judge(answer.status, parsed !== undefined || body === '');
  const text = said
    ? `: ${withoutSecrets(said)}`
    : parsed === undefined && body !== ''
      ? ' with a page that is no JSON'
      : '';
  return new OnRecordError(judged.code, `The storage host of Azure answered ${answer.status}${text}.`, {
    retry: judged.retry,
    blame: judged.blame,
    remedy: judged.remedy,
    context: {
      status: answer.status,
      requestId: (parsed && textAt(parsed, 'traceId')) ?? answer.headers.get('x-ms-client-request-id'),
      retryAfterMs: retryAfterOf((name) => answer.headers.get(name)),
    },
  });
}

/** A signature holds its time; that of another time is refused. The storage host's own clock stands in its `Date`. */
function skewOf({ headers, request }: PipelineResponse): Classification | undefined {
  const remedy = clockAdvice(request.headers.get('x-ms-date'), headers.get('date'));
  return remedy === undefined ? undefined : { code: 'unauthenticated', retry: 'safe', blame: 'caller', remedy };
}

function judge(status: number, intelligible: boolean): Classification {
  // A 400 with an HTML page comes and goes by itself (azure-sdk-for-js#33764).
  if (status === 400 && !intelligible) return { code: 'unavailable', retry: 'safe', blame: 'provider' };
  if (status === 404 || status === 410) {
    const remedy = 'Azure keeps a recording for 24 hours only.';
    return { code: 'not-found', retry: 'never', blame: 'provider', remedy };
  }
  return byStatus(status);
}

async function shortText(stream: Readable | undefined): Promise<string> {
  if (!stream) return '';
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bodyLimit) break;
    }
  } catch {
    // The status alone decides; a body that breaks off only says less.
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}

function parse(body: string) {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
