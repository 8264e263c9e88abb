import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { settled } from '../../testing/fake-managers.ts';
import { LiveBench } from '../testing/live-bench.ts';
import { json, replyOf } from '../testing/live-server.ts';
import type { LiveAnswer } from '../testing/live-server.ts';

afterEach(() => {
  LiveBench.endAll();
});

/** A WebSocket in the hands of a test. */
class FakeSocket extends EventTarget {
  readonly url: string;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(url: string) {
    super();
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.dispatchEvent(new Event('close'));
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  say(frame: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }
}

function benchWithSockets(answer: LiveAnswer): { bench: LiveBench; sockets: FakeSocket[] } {
  const sockets: FakeSocket[] = [];
  const bench = new LiveBench({
    openSocket: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
  bench.server.answers = [answer];
  bench.server.other = (path) => {
    if (path === '/api/live/ticket') return json(200, { ticket: 'r1_abc', expiresAt: 0 });
    return path === '/api/metrics/query' ? json(200, replyOf('call_count', 4, '0~A')) : undefined;
  };
  return { bench, sockets };
}

test('a service or a proxy without an event stream: WebSocket with a ticket, and the same frames', async () => {
  for (const answer of [{ status: 404 }, { status: 405 }, { status: 406 }, 'html'] as const) {
    const { bench, sockets } = benchWithSockets(answer);
    const watched = bench.watch('call_count');
    await bench.pass(30);
    const [socket] = sockets;
    assert.ok(socket);
    assert.equal(socket.url, 'ws://api.example/api/live/ws?ticket=r1_abc');
    socket.open();
    const { requests } = JSON.parse(socket.sent[0] ?? '');
    const stream = { requests } as never;
    socket.say(bench.server.snapshot(stream, 0, 1));
    socket.say(bench.server.delta(stream, 0, 2));
    await bench.pass(0);
    assert.equal(watched.value(), 2);
    assert.equal(watched.last().error, undefined);
    assert.equal(bench.client.connection.status.transport, 'websocket');
    assert.equal(bench.phase, 'open');
    socket.close();
    await bench.pass(250);
    assert.equal(sockets.length, 2, 'lost, not unusable: the same way again');
    assert.equal(JSON.parse((sockets[1]?.open(), sockets[1]?.sent[0]) ?? '').resume, 'epoch-2-m');
    bench.client.destroy();
    assert.ok(sockets[1]?.isClosed);
  }
});

test('a WebSocket that does not open either: polling', async () => {
  const { bench, sockets } = benchWithSockets({ status: 404 });
  const watched = bench.watch('call_count');
  await bench.pass(30);
  sockets[0]?.close();
  await bench.pass(50);
  assert.equal(bench.client.connection.status.transport, 'polling');
  assert.equal(watched.value(), 4);
  assert.equal(bench.phase, 'open');
});

test('headers but no byte in 5 s, twice, while the service answers otherwise: the next transport', async () => {
  const bench = new LiveBench({ transports: ['sse', 'polling'] });
  bench.watch('call_count');
  await bench.pass(30 + 5000);
  assert.equal(bench.phase, 'retrying');
  assert.equal(bench.client.connection.status.transport, 'sse');
  await bench.pass(250 + 5000);
  assert.equal(bench.client.connection.status.transport, 'polling');
  assert.ok(bench.server.paths.includes('/api/session'));
});

test('a service that only is slow with its first answer is given time', async () => {
  const bench = new LiveBench();
  const watched = bench.watch('call_count');
  await bench.pass(30);
  bench.server.stream.write(': ok\n\n');
  await bench.pass(12_000);
  assert.equal(bench.server.streams.length, 1);
  bench.answer(3);
  await settled();
  assert.equal(watched.value(), 3);
});

test('a network that is away, or swallows everything, is no fault of the transport', async () => {
  for (const answer of ['network-error', 'never', { status: 503 }, { status: 502 }] as const) {
    const bench = new LiveBench();
    bench.server.answers = [answer];
    bench.server.other = (path) => (path === '/api/session' ? json(503, {}) : undefined);
    bench.watch('call_count');
    await bench.pass(10 * 60_000);
    assert.equal(bench.client.connection.status.transport, 'sse');
    bench.server.answers = ['stream'];
    bench.server.other = undefined;
    await bench.pass(36_000);
    bench.answer(1);
    await settled();
    assert.equal(bench.phase, 'open');
  }
});

test('too many live connections of one user: polling, which always works', async () => {
  const bench = new LiveBench({ transports: ['sse', 'polling'] });
  bench.server.answers = [{ status: 429, code: 'rate_limited', headers: { 'retry-after': '1' } }];
  bench.watch('call_count');
  await bench.pass(3000);
  assert.equal(bench.client.connection.status.transport, 'polling');
});

test('from polling the top is tried again now and then; what is polled is polled until the first frame', async () => {
  const { bench: down, sockets } = benchWithSockets({ status: 404 });
  const polled = down.watch('call_count');
  await down.pass(30);
  sockets[0]?.close();
  await down.pass(50);
  assert.equal(down.client.connection.status.transport, 'polling');
  down.server.answers = ['stream'];
  await down.pass(60_000);
  assert.equal(down.server.streams.length, 1);
  assert.equal(polled.value(), 4);
  down.answer(9);
  await settled();
  assert.equal(polled.value(), 9);
  assert.equal(down.client.connection.status.transport, 'sse');
  const asked = (): number => down.server.paths.filter((path) => path === '/api/metrics/query').length;
  const before = asked();
  await down.pass(100);
  assert.equal(asked(), before, 'polling has stopped');
});

test('only what the host allows is used', async () => {
  const bench = new LiveBench({ transports: ['polling'] });
  bench.watch('call_count');
  await bench.pass(1000);
  assert.equal(bench.server.paths.includes('/api/live'), false);

  const stubborn = new LiveBench({ transports: ['sse'] });
  stubborn.server.answers = [{ status: 404, code: 'not_found' }, 'stream'];
  const watched = stubborn.watch('call_count');
  await stubborn.pass(30);
  assert.equal(watched.last().error?.code, 'NOT_FOUND');
  await stubborn.pass(1000);
  stubborn.answer(2);
  await settled();
  assert.equal(watched.value(), 2);
});
