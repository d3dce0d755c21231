import { listen, readBody, sendAnswer } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { type AzureBench, caller, fast, type Json, openBench, until } from './testing/azure-bench.ts';

describe('troubles', () => {
  const started = async (bench: AzureBench) => {
    bench.note();
    const placed = await bench.ask('POST', '/calls', {
      provider: 'azure',
      callbackUri: `${bench.origin}/callbacks`,
      participants: [caller],
    });
    await bench.eventually('CallConnected');
    const { callConnectionId } = placed.body.ids;
    const start = () =>
      bench
        .client()
        .getCallRecording()
        .start({ callConnectionId, recordingStateCallbackEndpointUrl: `${bench.origin}/callbacks` });
    return { start };
  };

  test('a fault of a request happens as often as it was asked for, and is forgotten when told so', async () => {
    await using bench = await openBench();
    await bench.simulate(...fast);
    const { start } = await started(bench);
    const fault = { match: 'StartRecording', fault: { name: 'throttled' }, times: 2 };
    expect((await bench.ask('POST', '/azure/faults', fault)).body.pending.faults).toBe(2);
    await expect(start()).rejects.toMatchObject({ statusCode: 429 });
    const { body } = await bench.ask('GET', '/azure');
    expect(body).toMatchObject({ pending: { faults: 1 }, requests: [{ operation: 'StartRecording', status: 429 }] });
    expect((await bench.ask('DELETE', '/azure/faults')).body.pending.faults).toBe(0);
    expect((await start()).recordingId).toEqual(expect.any(String));
  });

  test('the next start is accepted and fails', async () => {
    await using bench = await openBench();
    await bench.simulate(...fast);
    const { start } = await started(bench);
    await bench.ask('POST', '/azure/failures', { next: 'start', code: 403, subCode: 7502, message: 'No.' });
    await start();
    expect(await bench.eventually('StartRecordingFailed')).toMatchObject({ resultInformation: { subCode: 7502 } });
  });

  test('the next play is accepted and fails, and so does the next answer', async () => {
    await using bench = await openBench();
    await bench.simulate(...fast);
    await started(bench);
    const [connected] = bench.heard.map(({ data }) => data as Json);
    const failure = { code: 400, subCode: 8535 };
    await bench.ask('POST', '/azure/failures', { next: 'play', ...failure });
    await bench
      .client()
      .getCallConnection(String(connected?.['callConnectionId']))
      .getCallMedia()
      .playToAll([{ kind: 'fileSource', url: `${bench.origin}/prompt.wav` }]);
    expect(await bench.eventually('PlayFailed')).toMatchObject({ resultInformation: failure });

    await bench.ask('POST', '/azure/failures', { next: 'call', code: 500, subCode: 9999, message: 'Not now.' });
    const place = { provider: 'azure', from: '+15550100', to: '+15550199', participants: [caller] };
    const { body } = await bench.ask('POST', '/calls', place);
    await bench.client().answerCall(body.ids.incomingCallContext, `${bench.origin}/callbacks`);
    expect(await bench.eventually('AnswerFailed')).toMatchObject({
      resultInformation: { subCode: 9999, message: 'Not now.' },
    });
  });

  test.each([
    { name: 'throttled', retryAfterSeconds: 3 },
    { name: 'throttledFile' },
    { name: 'unavailableFile' },
    { name: 'serverError' },
    { name: 'htmlError' },
    { name: 'emptyFile' },
    { name: 'droppedBody', afterBytes: 10 },
    { name: 'lostAnswer' },
    { name: 'lostRequest' },
    { status: 503, headers: { 'retry-after': '1' }, body: 'busy' },
  ])('the fault %j can be asked for', async (fault) => {
    await using bench = await openBench();
    await bench.simulate();
    const { status, body } = await bench.ask('POST', '/azure/faults', { match: 'GetCall', fault, skip: 1 });
    expect([status, body.pending.faults]).toEqual([200, 1]);
  });

  test('an event is lost once', async () => {
    await using bench = await openBench();
    await bench.simulate(...fast);
    bench.note();
    const fault = { match: 'CallConnected', fault: 'lost' };
    expect((await bench.ask('POST', '/azure/event-faults', fault)).body.pending.eventFaults).toBe(1);
    const place = { provider: 'azure', callbackUri: `${bench.origin}/callbacks`, participants: [caller] };
    await bench.ask('POST', '/calls', place);
    await bench.eventually('ParticipantsUpdated');
    expect(bench.heard.map(({ type }) => type)).toEqual(['Microsoft.Communication.ParticipantsUpdated']);
    expect((await bench.ask('GET', '/azure')).body.pending.eventFaults).toBe(0);
  });

  test('an export goes to where the account really is, and shows how it ended', async () => {
    await using bench = await openBench();
    const urls: string[] = [];
    const blob = await listen(async (request, response) => {
      urls.push(request.url ?? '');
      await readBody(request);
      const headers = { 'content-type': 'application/xml', 'x-ms-error-code': 'ContainerNotFound' };
      const body = '<?xml version="1.0"?><Error><Code>ContainerNotFound</Code><Message>None.</Message></Error>';
      sendAnswer(request, response, { status: 404, headers, body });
    });
    await bench.simulate(...fast, '--blob-account', `mine=${blob.origin},a2V5`);
    bench.note();
    const placed = await bench.ask('POST', '/calls', {
      provider: 'azure',
      callbackUri: `${bench.origin}/callbacks`,
      participants: [caller],
      hangUpAfterMs: 500,
    });
    await bench.eventually('CallConnected');
    await bench
      .client()
      .getCallRecording()
      .start({
        callConnectionId: placed.body.ids.callConnectionId,
        recordingContent: 'audio',
        recordingFormat: 'wav',
        recordingStorage: {
          recordingStorageKind: 'azureBlobStorage',
          recordingDestinationContainerUrl: 'https://mine.blob.core.windows.net/rec',
        },
      });
    const [attempt] = await until(async () => {
      const { exports } = (await bench.ask('GET', '/azure')).body;
      return exports.length > 0 ? exports : undefined;
    });
    expect(attempt).toMatchObject({
      url: expect.stringMatching(/^https:\/\/mine\.blob/),
      failure: 'ContainerNotFound',
    });
    expect(urls[0]).toMatch(/^\/mine\/rec\//);
    await blob.close();
  });

  test.each([
    ['/azure/faults', { fault: { name: 'bored' } }, /fault: /],
    ['/azure/faults', { fault: { status: 99 }, times: 0 }, /times: /],
    ['/azure/faults', {}, /fault: /],
    ['/azure/event-faults', { fault: 'stolen' }, /fault: /],
    ['/azure/event-faults', { fault: 'lost', typ: 'x' }, /typ/],
    ['/azure/failures', { next: 'start', code: 200, subCode: 0 }, /code: /],
    ['/azure/failures', { next: 'stop' }, /next: /],
  ])('%s refuses %j with the member that is wrong', async (path, body, message) => {
    await using bench = await openBench();
    await bench.simulate();
    expect(await bench.ask('POST', path, body)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(message) },
    });
  });

  test('what there is not is answered with what there is', async () => {
    await using bench = await openBench();
    await bench.simulate();
    for (const [method, path] of [
      ['GET', '/azure/faults'],
      ['POST', '/azure/faults/x'],
      ['PUT', '/calls'],
      ['DELETE', '/calls/a/participants/b/c'],
    ] as const) {
      const { status, body } = await bench.ask(method, path);
      expect([path, status]).toEqual([path, 404]);
      expect(body.error).toContain('/azure/faults');
    }
  });
});
