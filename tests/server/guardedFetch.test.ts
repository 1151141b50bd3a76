import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { fetchGuarded, pinned, publicAddresses } from '../../server/providers/guardedFetch.ts';
import { readServedImage } from '../../server/providers/servedImages.ts';
import { picture } from './support.ts';

const never = new AbortController().signal;
const resolvesTo =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '192.0.2.1',
  '::1',
  '::',
  'fe80::1',
  'fc00::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
])('%s is nobody’s public address', async (address) => {
  await expect(publicAddresses('pictures.example', resolvesTo(address))).rejects.toThrow('not public');
  // One bad address among good ones is enough.
  await expect(publicAddresses('pictures.example', resolvesTo('93.184.215.14', address))).rejects.toThrow();
});

test.each([
  'https://2130706433/',
  'https://0x7f.1/',
  'https://[::ffff:7f00:1]/',
  'https://127.1/',
  'https://0/',
])('%s is this machine, however it is written', async (address) => {
  const resolve = async (host: string) => [{ address: host, family: 4 }];
  await expect(fetchGuarded(new URL(address), never, resolve)).rejects.toThrow('not public');
});

test('only https is fetched from elsewhere', async () => {
  const fetching = fetchGuarded(new URL('http://pictures.example/a.png'), never, resolvesTo('93.184.215.14'));
  await expect(fetching).rejects.toThrow('https');
});

test('the connection goes to the address that was checked, whatever the name says a moment later', async () => {
  const [first] = await publicAddresses('pictures.example', resolvesTo('93.184.215.14'));
  const looked = await new Promise((resolve) =>
    pinned([first])('pictures.example', { all: true }, (_error, found) => resolve(found)),
  );
  expect(looked).toEqual([{ address: '93.184.215.14', family: 4 }]);
});

test('a redirect of the service itself into a network is not followed', async () => {
  const asked: string[] = [];
  const inner = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  const png = await picture();
  const service = createServer((request, response) => {
    const { port } = inner.address() as AddressInfo;
    if (request.url === '/own.png') response.end(png);
    else if (request.url === '/again.png') response.writeHead(302, { location: '/own.png' }).end();
    else response.writeHead(302, { location: `https://127.0.0.1:${port}/secret` }).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    inner.close();
    service.close();
  });
  await Promise.all([inner, service].map((server) => server.listening || once(server, 'listening')));
  const { port } = service.address() as AddressInfo;
  const source = { baseUrl: `http://127.0.0.1:${port}/v1`, fetch: globalThis.fetch };
  await expect(readServedImage(never, { url: '/away.png' }, source)).rejects.toMatchObject({
    code: 'upstream_error',
  });
  expect(asked).toEqual([]);
  // Within its own origin it may lead on.
  expect((await readServedImage(never, { url: '/again.png' }, source)).data.length).toBe(png.length);
});

test('a service that redirects for ever, or sends more than a picture can be, is left', async () => {
  let asked = 0;
  const service = createServer((request, response) => {
    asked++;
    if (request.url === '/loop.png') response.writeHead(302, { location: '/loop.png' }).end();
    else {
      const megabytes = Buffer.alloc(1024 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(megabytes));
      };
      response.on('drain', more);
      more();
    }
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    service.closeAllConnections();
    service.close();
  });
  await once(service, 'listening');
  const { port } = service.address() as AddressInfo;
  const source = { baseUrl: `http://127.0.0.1:${port}/v1`, fetch: globalThis.fetch };
  await expect(readServedImage(never, { url: '/loop.png' }, source)).rejects.toThrow('too many redirects');
  expect(asked).toBe(6);
  await expect(readServedImage(never, { url: '/endless.png' }, source)).rejects.toThrow('too large');
});

test('a name that is never resolved does not outlast the request', async () => {
  const controller = new AbortController();
  const fetching = fetchGuarded(new URL('https://pictures.example/'), controller.signal, () => {
    controller.abort();
    return new Promise(() => {});
  });
  await expect(fetching).rejects.toThrow('aborted');
});
