import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Identity } from '../../auth/identity.ts';
import { SeenPeople } from './seen-people.ts';
import { tokenIdentity } from './testing/identities.ts';

class Register {
  readonly written: string[] = [];
  isBroken = false;
  nowMs = 0;
  lost = 0;
  readonly seen = new SeenPeople({
    store: {
      record: ({ identity }) => {
        if (this.isBroken) return Promise.reject(new Error('no store'));
        this.written.push(identity.sub);
        return Promise.resolve();
      },
    },
    onFailure: (_error, lost) => {
      this.lost += lost;
    },
    now: () => this.nowMs,
    retryMs: 1,
  });
}

const person = (sub: string, fields: Partial<Identity> = {}): Identity => tokenIdentity({ sub, ...fields });

describe('who was seen', () => {
  it('is written once per session in five minutes', async () => {
    const register = new Register();
    for (let turn = 0; turn < 50; turn += 1) register.seen.note(person('a'));
    register.seen.note(person('a', { issuedAtSeconds: 2_000 }));
    register.seen.note(person('b'));
    await register.seen.close();
    assert.deepEqual(register.written, ['a', 'a', 'b']);
    register.nowMs = 299_999;
    register.seen.note(person('a'));
    register.nowMs = 300_000;
    register.seen.note(person('b'));
    await register.seen.settled();
    assert.deepEqual(register.written, ['a', 'a', 'b', 'b']);
  });

  it('is people of the territory alone', async () => {
    const register = new Register();
    register.seen.note(person('s', { roles: ['super_admin'], reason: 'r' }));
    register.seen.note(person('client|1', { kind: 'service' }));
    register.seen.note(person('client|2', { kind: 'embed' }));
    await register.seen.close();
    assert.deepEqual(register.written, []);
  });

  it('is not lost while the store is away, nor at the end', async () => {
    const register = new Register();
    register.isBroken = true;
    register.seen.note(person('a'));
    await register.seen.settled();
    register.isBroken = false;
    register.seen.note(person('b'));
    await register.seen.close();
    assert.deepEqual(register.written, ['a', 'b']);
    assert.equal(register.lost, 0);
  });

  it('is not kept waiting by somebody who can never be written', async () => {
    const written: string[] = [];
    const seen = new SeenPeople({
      store: {
        record: ({ identity }) => {
          if (identity.sub === 'poison') return Promise.reject(new Error('never'));
          written.push(identity.sub);
          return Promise.resolve();
        },
      },
      onFailure: () => undefined,
      retryMs: 1,
    });
    for (const sub of ['poison', 'a', 'b']) seen.note(person(sub));
    await seen.close();
    assert.deepEqual(written, ['a', 'b']);
  });

  it('is told as lost where the store stays away to the end', async () => {
    const register = new Register();
    register.isBroken = true;
    register.seen.note(person('a'));
    await register.seen.close();
    assert.equal(register.lost, 1);
  });
});
