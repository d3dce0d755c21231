import { expect, test } from 'vitest';
import { consent, openInsightsScene } from '../testing/insights-scene.ts';
import { recordedRequest, withoutReference } from '../testing/reference.ts';

/** Names of the members of a body, nested: values differ from recording to recording, names must not. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
}

test.skipIf(withoutReference !== undefined)(
  'CreateMediaInsightsPipeline and PutVoiceConnectorStreamingConfiguration are shaped as the SDK was seen to send them',
  async () => {
    await using scene = await openInsightsScene();
    await scene.connector();
    await scene.settle(scene.recorder.start({ call: scene.call().ref, consent }));
    const body = (operation: string) =>
      scene.chime.requests().find((one) => one.operation === operation)?.body as object;
    const {
      MediaInsightsRuntimeMetadata: _,
      Tags: __,
      ...own
    } = body('CreateMediaInsightsPipeline') as Record<string, unknown>;
    const { MediaInsightsRuntimeMetadata: ___, ...seen } = (recordedRequest('CreateMediaInsightsPipeline')?.body ??
      {}) as Record<string, unknown>;
    expect(shape(own)).toEqual(shape(seen));
    const put = 'PutVoiceConnectorStreamingConfiguration';
    expect(shape(body(put))).toEqual(shape(recordedRequest(put)?.body));
    const create = 'CreateMediaInsightsPipelineConfiguration';
    const names = Object.keys(recordedRequest(create)?.body as object);
    expect(Object.keys(body(create)).filter((name) => !names.includes(name))).toEqual([]);
  },
);
