import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EslError } from './esl-error.ts';
import { cellOf, readBarList, readChannels, secondsCellMs } from './lists.ts';

const isFailure = (error: unknown): boolean => error instanceof EslError && error.code === 'esl_command_failed';

describe('readBarList', () => {
  it('reads rows by the names of the columns', () => {
    const rows = readBarList('name|state|last_status_change\na1|Waiting|17\na2|Idle|0\n+OK\n', 'agents');
    assert.deepEqual(
      rows.map((row) => [cellOf(row, 'name', 'agents'), row.get('state'), secondsCellMs(row, 'last_status_change')]),
      [
        ['a1', 'Waiting', 17_000],
        ['a2', 'Idle', undefined],
      ],
    );
  });

  it('knows that a list without rows may be +OK alone', () => {
    assert.deepEqual(readBarList('+OK\n', 'members'), []);
    assert.deepEqual(readBarList('name|strategy\n+OK\n', 'queues'), []);
  });

  it('finds bars in a caller’s name', () => {
    const [row] = readBarList('queue|cid_number|cid_name|state|score\nq1|44|a|b|c|Waiting|3\n+OK\n', 'members');
    assert.equal(row?.get('cid_name'), 'a|b|c');
    assert.equal(row.get('state'), 'Waiting');
    assert.equal(row.get('queue'), 'q1');
  });

  it('takes no list that is not whole', () => {
    for (const text of [
      '',
      '-ERR Invalid!\n',
      '-ERR callcenter_config Command not found!\n',
      '-USAGE: \n',
      'name|state\na1|W\n',
    ]) {
      assert.throws(() => readBarList(text, 'x'), isFailure, text);
    }
    assert.throws(() => readBarList('name|state\na1\n+OK\n', 'x'), isFailure);
    assert.throws(() => readBarList('name|state\na1|b|c\n+OK\n', 'x'), isFailure);
  });
});

describe('readChannels', () => {
  it('reads rows, and none', () => {
    assert.deepEqual(readChannels('{"row_count": 0}\n'), []);
    const [row] = readChannels('{"row_count":1,"rows":[{"uuid":"u1","direction":"inbound"}]}');
    assert.equal(row?.get('direction'), 'inbound');
  });

  it('takes no list that counts other rows than it has, as after an error of the database', () => {
    for (const text of [
      '-ERR SQL Error [x]\n{"row_count": 0}\n',
      '{"row_count":2,"rows":[{}]}',
      '{"rows":[]}',
      'null',
      '[]',
      '{',
    ]) {
      assert.throws(() => readChannels(text), isFailure, text);
    }
  });
});
