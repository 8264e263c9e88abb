import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { eventMsOf, headerOf, percentDecode, readEvent, instantOf } from './switch-event.ts';

const frameOf = (type: string, body: string) => ({ type, headers: new Map<string, string>(), body: Buffer.from(body) });

describe('readEvent', () => {
  it('reads an event in JSON, the last of two equal headers', () => {
    const event = readEvent(
      frameOf('text/event-json', '{"Event-Name":"CHANNEL_HANGUP_COMPLETE","Hangup-Cause":"A","Hangup-Cause":"B"}'),
    );
    assert.equal(headerOf(event ?? {}, 'hangup-cause'), 'B');
  });

  it('tells what is no event', () => {
    for (const body of ['', '{', '[]', 'null', '"x"', '{"a":1}', '{"Event-Name":7}']) {
      assert.equal(readEvent(frameOf('text/event-json', body)), undefined, body);
    }
  });

  it('reads an event in plain text, with its body', () => {
    const event = readEvent(
      frameOf(
        'text/event-plain',
        'Event-Name: BACKGROUND_JOB\nCaller: J%C3%BCrg%20100%\nJob-Owner-UUID: _undef_\nContent-Length: 4\n\n+OK\n',
      ),
    );
    assert.deepEqual(
      { ...event },
      { 'Event-Name': 'BACKGROUND_JOB', Caller: 'Jürg 100%', 'Content-Length': '4', _body: '+OK\n' },
    );
  });
});

describe('percentDecode', () => {
  it('undoes the encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(percentDecode(encodeURIComponent(text)), text);
      }),
    );
  });

  it('leaves what is no escape as it is', () => {
    assert.equal(percentDecode('100% %zz %4 %'), '100% %zz %4 %');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('%', '4', 'f', 'z', 'ü') }), (text) => {
        assert.equal(typeof percentDecode(text), 'string');
      }),
    );
  });
});

describe('instants of an event', () => {
  it('come in microseconds and in seconds, and 0 is never', () => {
    assert.equal(eventMsOf({ 'Event-Date-timestamp': '1772532000123456' }), 1_772_532_000_123);
    assert.equal(eventMsOf({ 'Event-Date-Timestamp': 'soon' }), undefined);
    assert.equal(instantOf({ 'CC-Member-Joined-Time': '1772532000' }, 'CC-Member-Joined-Time'), 1_772_532_000_000);
    assert.equal(instantOf({ 'CC-Member-Joined-Time': '0' }, 'CC-Member-Joined-Time'), undefined);
  });
});
