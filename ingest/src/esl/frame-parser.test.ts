import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { EslError } from './esl-error.ts';
import { FrameParser, type EslFrame } from './frame-parser.ts';

interface Sent {
  readonly type: string;
  readonly body: string;
  readonly isCrlf: boolean;
}

const bytesOf = ({ type, body, isCrlf }: Sent): Buffer => {
  const end = isCrlf ? '\r\n' : '\n';
  const length = body === '' ? [] : [`Content-Length: ${String(Buffer.byteLength(body))}`];
  return Buffer.from([...length, `Content-Type: ${type}`, '', body].join(end));
};

const shown = (frame: EslFrame): { type: string; body: string } => ({
  type: frame.type,
  body: frame.body.toString('utf8'),
});

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

function failure(bytes: string | Buffer, parser = new FrameParser()): string {
  try {
    parser.push(Buffer.from(bytes));
    return 'none';
  } catch (error) {
    assert.ok(error instanceof EslError);
    return error.code;
  }
}

describe('FrameParser', () => {
  const sent = fc.record({
    type: fc.constantFrom('auth/request', 'command/reply', 'text/event-json', 'text/event-plain', 'log/data'),
    // Letters of several bytes, blank lines and what looks like headers: only the length says where a body ends.
    body: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('a\n\nContent-Length: 3\n\nxyz', '€ü\n\n'),
    ),
    isCrlf: fc.boolean(),
  });

  it('finds the same frames however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 12 }), fc.array(fc.nat(5000), { maxLength: 30 }), (frames, cuts) => {
        // A body is what its bytes decode to: a half surrogate is no text that a switch could send.
        const sendable = frames.map((frame) => ({ ...frame, body: Buffer.from(frame.body).toString() }));
        const parser = new FrameParser();
        const bytes = Buffer.concat(sendable.map(bytesOf));
        const found = cutAt(bytes, cuts).flatMap((chunk) => parser.push(chunk).map(shown));
        assert.deepEqual(
          found,
          sendable.map(({ type, body }) => ({ type, body })),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('finds every frame when the bytes come one by one', () => {
    const parser = new FrameParser();
    const bytes = Buffer.concat([
      Buffer.from('Content-Type: auth/request\n\n'),
      bytesOf({ type: 'text/event-json', body: '{"a":"ü"}', isCrlf: false }),
    ]);
    const found = [...bytes].flatMap((byte) => parser.push(Buffer.from([byte])).map(shown));
    assert.deepEqual(found, [
      { type: 'auth/request', body: '' },
      { type: 'text/event-json', body: '{"a":"ü"}' },
    ]);
  });

  it('keeps the first of two headers of a name, and reads names in any case', () => {
    const [frame] = new FrameParser().push(
      Buffer.from('CONTENT-type: command/reply\nReply-Text: +OK: a\nreply-text: b\n\n'),
    );
    assert.equal(frame?.type, 'command/reply');
    assert.equal(frame.headers.get('reply-text'), '+OK: a');
  });

  it('names what is no event socket, instead of waiting for ever', () => {
    assert.equal(failure('HTTP/1.1 400 Bad Request\n\n'), 'esl_garbage');
    assert.equal(failure('Content-Length: 12x\n\n'), 'esl_garbage');
    assert.equal(failure('Content-Length: -1\n\n'), 'esl_garbage');
    assert.equal(failure(`Content-Length: 99999999999\n\n`), 'esl_too_large');
    assert.equal(failure(Buffer.alloc(70_000, 'x')), 'esl_too_large');
  });

  it('throws nothing but its own error on any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (chunks) => {
        const parser = new FrameParser({ headerBytes: 256, bodyBytes: 1024 });
        try {
          for (const chunk of chunks) parser.push(Buffer.from(chunk));
        } catch (error) {
          assert.ok(error instanceof EslError);
        }
      }),
    );
  });

  it('takes a large body in small chunks without joining it again and again', () => {
    const body = 'x'.repeat(8_000_000);
    const bytes = bytesOf({ type: 'text/event-json', body, isCrlf: false });
    const parser = new FrameParser();
    const found: EslFrame[] = [];
    for (let at = 0; at < bytes.length; at += 1000) found.push(...parser.push(bytes.subarray(at, at + 1000)));
    assert.equal(found.length, 1);
    assert.equal(found[0]?.body.length, body.length);
  });
});
