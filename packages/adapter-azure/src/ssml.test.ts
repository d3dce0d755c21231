import { expect, test } from 'vitest';
import { ssmlProblem } from './ssml.ts';

test.each([
  '<speak>Hi</speak>',
  '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US"><voice name="en-US-JennyNeural">Hi</voice></speak>',
  ' <?xml version="1.0"?>\n<!-- notice -->\n<speak>A &amp; B &#233; &#xE9;<break time="1s"/><![CDATA[1 < 2 & 3]]></speak>\n',
  '<speak xml:lang=\'de-DE\'><mstts:express-as style="cheerful">Grüße > alles</mstts:express-as></speak>',
  '\uFEFF<speak/>',
])('%s is SSML', (text) => {
  expect(ssmlProblem(text)).toBeUndefined();
});

test.each<[string, RegExp]>([
  ['', /one <speak>/],
  ['This call is recorded.', /one <speak>/],
  ['<voice name="x">Hi</voice>', /one <speak>/],
  ['<speak>a</speak><speak>b</speak>', /one <speak>/],
  ['<speak>a</speak> and more', /one <speak>/],
  ['<speak>Tom & Jerry</speak>', /&amp;/],
  ['<speak><audio src="https://x/?a=1&b=2"/></speak>', /&amp;/],
  ['<speak>&nbsp;</speak>', /&amp;/],
  ['<speak>1 < 2</speak>', /&lt;/],
  ['<speak><voice name=x>Hi</voice></speak>', /&lt;/],
  ['<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>', /&lt;/],
  ['<speak><voice name="x">Hi</speak></voice>', /closes <speak>/],
  ['<speak><voice name="x">Hi</voice>', /does not close <speak>/],
  ['</speak>', /closes <speak>/],
])('%s is none', (text, problem) => {
  expect(ssmlProblem(text)).toMatch(problem);
});

test('a long text is judged in time that grows with its length', () => {
  const hostile = `<speak>${'<a '.repeat(20_000)}${'x="1" '.repeat(20_000)}`;
  const before = performance.now();
  expect(ssmlProblem(hostile)).toMatch(/&lt;/);
  expect(ssmlProblem(`<speak>${'<b>x</b>'.repeat(50_000)}</speak>`)).toBeUndefined();
  expect(ssmlProblem(`<speak ${'a="1" '.repeat(50_000)}`)).toMatch(/&lt;/);
  expect(performance.now() - before).toBeLessThan(5_000);
});
