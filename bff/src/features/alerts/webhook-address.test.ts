import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { LookupAddress } from 'node:dns';
import { after, before, describe, it } from 'node:test';
import { listenLocally } from '../../testing/http-server.ts';
import type { TestServer } from '../../testing/http-server.ts';
import type { DueDelivery } from './evaluation-store.ts';
import { AddressRefusedError, isPublicAddress, parseWebhookUrl, resolvePublic } from './webhook-address.ts';
import { createWebhookSender } from './webhook-sender.ts';

const NONE: ReadonlySet<string> = new Set();
const PUBLIC: LookupAddress = { address: '93.184.215.14', family: 4 };

/** Each kind of address or disguise, as somebody would enter it. */
const REFUSED: Readonly<Record<string, string>> = {
  loopback: 'https://127.0.0.1/',
  'loopback beyond the first': 'https://127.9.8.7/',
  'loopback in decimal': 'https://2130706433/',
  'loopback in octal': 'https://0177.0.0.1/',
  'loopback in hexadecimal': 'https://0x7f.0x0.0x0.0x1/',
  'loopback, shortened': 'https://127.1/',
  'loopback with a trailing dot': 'https://127.0.0.1./',
  'loopback in full-width digits': 'https://１２７.0.0.1/',
  'loopback of IPv6': 'https://[::1]/',
  'IPv4 in IPv6': 'https://[::ffff:127.0.0.1]/',
  'IPv4 in IPv6, as hexadecimal': 'https://[::ffff:7f00:1]/',
  'IPv4-compatible IPv6': 'https://[::127.0.0.1]/',
  '6to4 of a private address': 'https://[2002:0a00:0001::]/',
  'NAT64 of a private address': 'https://[64:ff9b::10.0.0.1]/',
  'NAT64 of a local prefix': 'https://[64:ff9b:1::10.0.0.1]/',
  teredo: 'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
  'unspecified address': 'https://0.0.0.0/',
  'unspecified address of IPv6': 'https://[::]/',
  'private network 10': 'https://10.1.2.3/',
  'private network 172.16': 'https://172.31.255.254/',
  'private network 192.168': 'https://192.168.0.1/',
  'shared address space': 'https://100.64.0.1/',
  'link-local': 'https://169.254.1.1/',
  'metadata of a cloud': 'https://169.254.169.254/latest/meta-data/',
  'metadata of a cloud over IPv6': 'https://[fd00:ec2::254]/',
  'link-local of IPv6': 'https://[fe80::1]/',
  'unique local IPv6': 'https://[fc00::1]/',
  'site-local IPv6': 'https://[fec0::1]/',
  multicast: 'https://224.0.0.1/',
  'multicast of IPv6': 'https://[ff02::1]/',
  broadcast: 'https://255.255.255.255/',
  benchmarking: 'https://198.18.0.1/',
  documentation: 'https://192.0.2.1/',
  'documentation of IPv6': 'https://[2001:db8::1]/',
  'reserved for later': 'https://240.0.0.1/',
  localhost: 'https://localhost/',
  'localhost with a trailing dot': 'https://localhost./',
  'a name below localhost': 'https://app.localhost/',
  'a name of the own network': 'https://metadata.google.internal/',
  'a bare name': 'https://intranet/',
  'another scheme': 'ftp://example.com/',
  'no encryption': 'http://example.com/',
  'another port': 'https://example.com:8443/',
  'a user name': 'https://example.com@127.0.0.1/',
  'a user name before a public host': 'https://user:secret@example.com/',
  'no URL': 'not a url',
};

const delivery = (url: string): DueDelivery => ({
  territoryId: 1,
  id: 'd',
  endpointId: 'e',
  event: 'test',
  body: '{}',
  attempts: 0,
  url,
  secrets: ['s'],
});
const never = new AbortController().signal;

describe('addresses of webhooks', () => {
  for (const [kind, url] of Object.entries(REFUSED)) {
    it(`refuses ${kind} when it is saved and when it is sent`, async () => {
      await assert.rejects(
        async () => resolvePublic(parseWebhookUrl(url, NONE), () => Promise.resolve([PUBLIC]), NONE),
        AddressRefusedError,
      );
      const send = createWebhookSender({ allowedHosts: NONE, resolve: () => Promise.resolve([PUBLIC]) });
      assert.deepEqual(await send(delivery(url), never), { kind: 'refused', error: 'webhook_address_refused' });
    });
  }

  it('refuses a public name that leads to a private address, among others too', async () => {
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '169.254.169.254', 'fe80::1%eth0', '64:ff9b::a00:1']) {
      const resolve = (): Promise<LookupAddress[]> => Promise.resolve([PUBLIC, { address, family: 4 }]);
      const url = parseWebhookUrl('https://hooks.example.com/', NONE);
      await assert.rejects(resolvePublic(url, resolve, NONE), AddressRefusedError, address);
    }
  });

  it('takes public addresses', () => {
    for (const address of ['93.184.215.14', '1.1.1.1', '2606:4700:4700::1111']) assert.ok(isPublicAddress(address));
    for (const url of ['https://example.com/hook?key=1', 'https://1.1.1.1/', 'https://[2606:4700:4700::1111]/'])
      assert.equal(parseWebhookUrl(url, NONE).protocol, 'https:');
  });
});

describe('sending', () => {
  let receiver: TestServer;
  let requests = 0;
  before(async () => {
    receiver = await listenLocally(
      createServer((request, response) => {
        requests += 1;
        if (request.url === '/redirect') response.writeHead(302, { Location: '/target' }).end();
        else if (request.url === '/endless') {
          const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
          response.once('close', () => {
            clearInterval(timer);
          });
        } else if (request.url === '/silent') return;
        else response.end('ok');
      }),
    );
  });
  after(() => receiver.close());

  it('refuses a name that was public when it was saved and is private when it is called', async () => {
    const answers: LookupAddress[][] = [[PUBLIC], [{ address: '127.0.0.1', family: 4 }]];
    const resolve = (): Promise<LookupAddress[]> => Promise.resolve(answers.shift() ?? []);
    const url = 'https://rebinding.example.com/';
    await resolvePublic(parseWebhookUrl(url, NONE), resolve, NONE);
    const send = createWebhookSender({ allowedHosts: NONE, resolve });
    assert.deepEqual(await send(delivery(url), never), { kind: 'refused', error: 'webhook_address_refused' });
  });

  it('connects to the address that was checked and asks for no other', async () => {
    let asked = 0;
    const { host, port } = new URL(receiver.url);
    const resolve = (): Promise<LookupAddress[]> => {
      asked += 1;
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    };
    const name = `named.example.com:${port}`;
    const send = createWebhookSender({ allowedHosts: new Set([host, name]), resolve });
    assert.deepEqual(await send(delivery(`http://${name}/`), never), { kind: 'taken' });
    assert.equal(asked, 1);
  });

  it('follows no redirect', async () => {
    requests = 0;
    const send = createWebhookSender({ allowedHosts: new Set([new URL(receiver.url).host]) });
    assert.deepEqual(await send(delivery(`${receiver.url}/redirect`), never), { kind: 'failed', error: 'http_302' });
    assert.equal(requests, 1);
  });

  it('waits no longer than it may, and reads no answer without an end', async () => {
    const send = createWebhookSender({ allowedHosts: new Set([new URL(receiver.url).host]), timeoutMs: 200 });
    assert.deepEqual(await send(delivery(`${receiver.url}/silent`), never), { kind: 'failed', error: 'timed_out' });
    assert.deepEqual(await send(delivery(`${receiver.url}/endless`), never), { kind: 'taken' });
  });
});
