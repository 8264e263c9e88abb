import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { StateJournal } from './state-journal.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lumina-journal-'));
after(() => {
  rmSync(root, { recursive: true, force: true });
});

const throwIt = (error: unknown): void => {
  throw error;
};
const record = {
  status: 'Available',
  routing: 'Waiting',
  state: 'available' as const,
  sinceMs: 5,
  statusMs: 5,
  routingMs: 4,
};
const abandon = { stayId: 'm1:s1', leftMs: 9, joinedMs: 3, untilMs: 99 };

describe('StateJournal', () => {
  it('still knows after a kill whatever it was told, less what was taken back', () => {
    const folder = path.join(root, 'a');
    // Not closed: a killed process closes nothing.
    const killed = new StateJournal(folder, throwIt);
    killed.setAgent('a1', record);
    killed.setAgent('a2', record);
    killed.setAgent('a2', undefined);
    killed.setAbandon('m1', abandon);
    killed.setParts('101:queues', 4);
    appendFileSync(path.join(folder, 'state.ndjson'), '{"t":"agent","k":"a3","v":{"sta');
    const { state } = new StateJournal(folder, throwIt);
    assert.deepEqual([...state.agents], [['a1', record]]);
    assert.deepEqual([...state.abandons], [['m1', abandon]]);
    assert.equal(state.parts.get('101:queues'), 4);
  });

  it('passes over what it does not know', () => {
    const folder = path.join(root, 'b');
    new StateJournal(folder, throwIt).close();
    appendFileSync(
      path.join(folder, 'state.ndjson'),
      '{"t":"other","k":"x","v":1}\nnull\n{"t":"parts","k":"y","v":2}\n',
    );
    assert.deepEqual([...new StateJournal(folder, throwIt).state.parts], [['y', 2]]);
  });

  it('stays small however often things change', () => {
    const folder = path.join(root, 'c');
    const journal = new StateJournal(folder, throwIt);
    for (let change = 0; change < 50_000; change += 1)
      journal.setAgent(`a${String(change % 10)}`, { ...record, sinceMs: change });
    assert.ok(readFileSync(path.join(folder, 'state.ndjson')).length < 5_000_000);
    journal.close();
    const { agents } = new StateJournal(folder, throwIt).state;
    assert.equal(agents.get('a9')?.sinceMs, 49_999);
  });

  it('goes on in memory when the disk refuses', () => {
    const folder = path.join(root, 'd');
    const errors: unknown[] = [];
    const journal = new StateJournal(folder, (error) => errors.push(error));
    journal.close();
    journal.setParts('x', 2);
    assert.equal(errors.length, 1);
    assert.equal(journal.state.parts.get('x'), 2);
  });
});
