import type { Random } from '../faults/traffic/random.ts';
import { HostileItems, type HostileTarget } from './hostile-items.ts';

/** Bytes for a connection that must end in a 4xx; a sender that ends first may go without. */
export interface HostileBytes {
  readonly kind: string;
  readonly bytes: Buffer;
  readonly endsFirst: boolean;
}

/** An attack below the body by chance: framing, lengths, headers. */
export function hostileBytes(random: Random, target: HostileTarget): HostileBytes {
  const good = JSON.stringify(new HostileItems(random, target).base());
  const post = ['POST /v1/events HTTP/1.1', 'Host: x', `Authorization: Bearer ${target.key}`];
  const text = (...lines: readonly string[]): string => [...post, ...lines, '', ''].join('\r\n');
  const length = String(good.length);
  const chunked = text('Transfer-Encoding: chunked');
  const [kind, bytes, endsFirst] = random.pick<readonly [string, string, boolean]>([
    [
      'chunkSize',
      `${chunked}${random.pick(['ZZ', '-1', '0x10', '', ' ', 'FFFFFFFFFFFFFFFFFF', '1;'.repeat(9000)])}\r\n${good}\r\n0\r\n\r\n`,
      false,
    ],
    ['chunkLie', `${chunked}1\r\n${good}\r\n0\r\n\r\n`, false],
    ['chunkOpen', `${chunked}${good.length.toString(16)}\r\n${good}\r\n`, true],
    ['chunkCut', `${chunked}${(good.length + 100).toString(16)}\r\n${good}`, true],
    ['lengthShort', `${text(`Content-Length: ${String(random.between(1, good.length - 1))}`)}${good}`, false],
    ['lengthLong', `${text(`Content-Length: ${String(good.length + random.between(1, 1000))}`)}${good}`, true],
    ['lengthTwice', `${text('Content-Length: 5', `Content-Length: ${length}`)}${good}`, false],
    [
      'lengthWrong',
      `${text(`Content-Length: ${random.pick(['-1', '1e3', '0x5', '٣', '5,5', '99999999999999999999999'])}`)}${good}`,
      false,
    ],
    ['lengthHuge', `${text('Content-Length: 9007199254740991')}${good}`, false],
    ['both', `${text('Transfer-Encoding: chunked', `Content-Length: ${length}`)}${good}`, false],
    [
      'coding',
      `${text(`Transfer-Encoding: ${random.pick(['xchunked', 'gzip, chunked, identity', 'chunked, chunked, x', '\u000bchunked'])}`, `Content-Length: ${length}`)}${good}`,
      false,
    ],
    [
      'headerControl',
      `${text(`X-Evil: a${random.pick(['\u0000', '\u0001', '\u007f', '\r', '\n'])}b`, `Content-Length: x${length}`)}${good}`,
      false,
    ],
    [
      'headerName',
      `${text(`${random.pick(['X Evil', 'X\u0000Evil', '', '(', 'X-Evil '])}: a`, `Content-Length: ${length}`)}${good}`,
      false,
    ],
    ['headerLong', text(`X-Long: ${'x'.repeat(random.between(17_000, 60_000))}`), false],
    ['headerMany', text(...Array.from({ length: 3000 }, (_, index) => `X-${String(index)}: y`)), false],
    [
      'hostless',
      `POST /v1/events HTTP/1.1\r\nAuthorization: Bearer ${target.key}\r\nContent-Length: ${length}\r\n\r\n${good}`,
      false,
    ],
    ['version', `POST /v1/events HTTP/${random.pick(['9.9', '2.0', '0', 'x'])}\r\nHost: x\r\n\r\n`, false],
    [
      'method',
      text(`Content-Length: ${length}`).replace('POST', random.pick(['TRACE', 'G3T', 'PUT', 'DELETE', 'PATCH'])) + good,
      false,
    ],
    [
      'address',
      text('Content-Length: 0', 'Connection: close').replace(
        '/v1/events',
        random.pick(['/%', '/v1/../../etc/passwd', '//', '/v1/events%00', `/${'x'.repeat(9000)}`]),
      ),
      false,
    ],
    ['tls', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', false],
    ['noise', Array.from({ length: 200 }, () => String.fromCharCode(random.between(128, 255))).join(''), false],
    ['miracle', text('Expect: a miracle', `Content-Length: ${length}`) + good, false],
    ['leaves', `${text(`Content-Length: ${length}`)}${good.slice(0, 20)}`, true],
  ]);
  return { kind, bytes: Buffer.from(bytes, 'latin1'), endsFirst };
}
