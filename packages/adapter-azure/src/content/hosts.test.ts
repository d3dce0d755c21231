import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { rejection } from '../testing/scene.ts';
import { contentUrl } from './content-url.ts';
import { file, rawHost } from './testing/raw-host.ts';

describe('an address of a storage host', () => {
  test.each([
    'https://storage.asm.skype.com/v1/objects/d/content/audio',
    'https://us-storage.asm.skype.com:8443/v1/objects/d',
    'https://eu.asyncgw.teams.microsoft.com/v1/objects/d',
    'https://gcch.ams.gov.teams.microsoft.us/v1/objects/d',
    'HTTPS://STORAGE.ASM.SKYPE.COM/v1/objects/d',
    'https://storage。asm。skype。com/v1/objects/d',
    'https://storage%2easm.skype.com/v1/objects/d',
  ])('is %s', (text) => {
    expect(contentUrl(text).hostname).toMatch(/\.(asm\.skype\.com|teams\.microsoft\.(com|us))$/);
  });
});

const hostile = [
  'http://storage.asm.skype.com/x',
  'ftp://storage.asm.skype.com/x',
  'file:///etc/passwd',
  'data:text/plain,x',
  'nonsense',
  '//storage.asm.skype.com/x',
  'https://asm.skype.com/x',
  'https://evilasm.skype.com/x',
  'https://asm.skype.com.evil.example/x',
  'https://evil.example/.asm.skype.com',
  'https://evil.example?.asm.skype.com',
  'https://evil.example#.asm.skype.com',
  'https://evil.example\\.asm.skype.com',
  'https://evil.example\\@storage.asm.skype.com',
  'https://storage.asm.skype.com@evil.example/x',
  'https://storage.asm.skype.com:secret@evil.example/x',
  'https://user:secret@storage.asm.skype.com/x',
  'https://user@storage.asm.skype.com/x',
  'https://storage.asm.skype.com./x',
  'https://storage.asm.skype.com.%2Eevil.example/x',
  'https://storage.asm.skypе.com/x',
  'https://xn--asm-storage.skype.example/x',
  'https://127.0.0.1/x',
  'https://0x7f000001/x',
  'https://2130706433/x',
  'https://[::1]/x',
  'https://[::ffff:169.254.169.254]/x',
  'https://[fe80::1%25eth0.asm.skype.com]/x',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/x',
  'https://account.blob.core.windows.net/container/x',
  'https://storage.asm.skype.com:99999/x',
];

const deletable = { deleteLocation: 'https://storage.asm.skype.com/v1/objects/d' };

describe('to anything else nobody shows the credentials of the resource', () => {
  test.each(hostile)('%s as contentLocation or deleteLocation', async (location) => {
    await using host = await rawHost();
    const access = { deleteLocation: location };
    const opening = await rejection(host.driver.doOpenArtifact({ ...file(), source: location }, {}, host.context));
    const deleting = await rejection(host.driver.doDeleteArtifact(file(), { access }, host.context));
    expect(host.heads).toEqual([]);
    for (const error of [opening, deleting]) {
      expect(OnRecordError.is(error, 'provider-contract')).toBe(true);
      expect(error).toMatchObject({ retry: 'never', blame: 'provider' });
      expect(String(error)).not.toContain('secret');
    }
  });

  // Relative to the host that redirects, the first is a path on it, the second the same host.
  test.each(hostile.filter((location) => location !== 'nonsense' && !location.startsWith('//')))(
    '%s as the target of a redirect',
    async (location) => {
      const away = { status: '302 Found', headers: [`Location: ${location}`, 'Content-Length: 0'] };
      await using host = await rawHost(away, away);
      const opening = await rejection(host.read(file()));
      const deleting = await rejection(host.driver.doDeleteArtifact(file(), { access: deletable }, host.context));
      expect(host.heads).toHaveLength(2);
      for (const error of [opening, deleting]) {
        expect(error).toMatchObject({ code: 'provider-contract', message: expect.not.stringContaining('secret') });
      }
    },
  );
});

test('a redirected DeleteContent is still a DeleteContent', async () => {
  const moved = {
    status: '307 Temporary Redirect',
    headers: ['Location: https://us-storage.asm.skype.com/v1/objects/e', 'Content-Length: 0'],
  };
  await using host = await rawHost(moved, { status: '200 OK', headers: ['Content-Length: 0'] });
  await host.driver.doDeleteArtifact(file(), { access: deletable }, host.context);
  expect(host.heads.map((head) => head.split('\r\n')[0])).toEqual([
    'DELETE /v1/objects/d HTTP/1.1',
    'DELETE /v1/objects/e HTTP/1.1',
  ]);
});

test('a circle of redirects ends', async () => {
  const away = {
    status: '302 Found',
    headers: ['Location: https://storage.asm.skype.com/v1/objects/d/content/audio', 'Content-Length: 0'],
  };
  await using host = await rawHost(...Array.from({ length: 10 }, () => away));
  expect(await rejection(host.read(file()))).toMatchObject({ code: 'provider-contract' });
  expect(host.heads).toHaveLength(6);
});
