import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Accounts } from './accounts.ts';
import type { NewAccount } from './accounts.ts';

const NEW: NewAccount = { email: 'New@uk.example', roles: ['viewer'], territoryId: 101, regionId: 1 };

describe('accounts', () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lumina-accounts-'));
  });
  after(async () => {
    await rm(directory, { recursive: true });
  });

  it('that were added outlive a restart, with a password that nobody can read', async () => {
    const accounts = await Accounts.load(directory);
    const user = await accounts.add(NEW);
    assert.ok(user !== undefined);
    assert.equal(await accounts.add({ ...NEW, email: ' new@UK.example ' }), undefined);
    assert.equal(await accounts.logIn('new@uk.example', 'lumina'), undefined);
    assert.equal(await accounts.setPassword(accounts.issueTicket(user.sub, 60), 'a long secret'), true);
    await accounts.block('auth0|uk-viewer', true);

    const again = await Accounts.load(directory);
    assert.equal((await again.logIn('new@uk.example', 'a long secret'))?.sub, user.sub);
    assert.equal(await again.logIn('new@uk.example', 'a long secre'), undefined);
    assert.equal(await again.logIn('viewer@uk.example', 'lumina'), undefined);
    const file = join(directory, 'accounts.json');
    assert.doesNotMatch(await readFile(file, 'utf8'), /a long secret/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal(await again.remove(user.sub), true);
    assert.equal(await again.remove('auth0|uk-admin'), false);
    assert.equal(await again.logIn('new@uk.example', 'a long secret'), undefined);
  });

  it('take a ticket once, and not after its time', async () => {
    const accounts = await Accounts.load(directory);
    const user = await accounts.add(NEW);
    assert.ok(user !== undefined);
    assert.equal(await accounts.setPassword(accounts.issueTicket(user.sub, -1), 'too late'), false);
    const ticket = accounts.issueTicket(user.sub, 60);
    assert.equal(await accounts.setPassword(ticket, 'first'), true);
    assert.equal(await accounts.setPassword(ticket, 'second'), false);
    assert.equal(await accounts.setPassword('made-up', 'third'), false);
    assert.equal((await accounts.logIn(NEW.email, 'first'))?.sub, user.sub);
  });
});
