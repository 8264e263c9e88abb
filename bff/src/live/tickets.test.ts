import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { viewer } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { createTickets } from './tickets.ts';

describe('a ticket', () => {
  it('names the region, and is good once, for half a minute', async () => {
    const clock = new ManualClock();
    const tickets = createTickets(2, clock);
    const { ticket, expiresAt } = tickets.issue(viewer());
    assert.match(ticket, /^r2_[\w-]{32}$/);
    assert.equal(expiresAt, clock.nowMs + 30_000);
    assert.equal(tickets.take(ticket)?.sub, viewer().sub);
    assert.equal(tickets.take(ticket), undefined);
    const late = tickets.issue(viewer());
    await clock.pass(30_000);
    assert.equal(tickets.take(late.ticket), undefined);
  });

  it('of one identity is not lost because another asks for many', () => {
    const tickets = createTickets(1, new ManualClock());
    const { ticket } = tickets.issue(viewer());
    const greedy = Array.from({ length: 20_000 }, () => tickets.issue(viewer({ sub: 'greedy' })).ticket);
    assert.equal(tickets.take(greedy[0] ?? ''), undefined);
    assert.equal(tickets.take(greedy.at(-1) ?? '')?.sub, 'greedy');
    assert.equal(tickets.take(ticket)?.sub, viewer().sub);
  });

  it('is forgotten when what its owner may do has changed, and those of others are not', () => {
    const tickets = createTickets(1, new ManualClock());
    const ticketOf = (sub: string, territoryId: number): string => tickets.issue(viewer({ sub, territoryId })).ticket;
    const [one, elsewhere, other] = [ticketOf('a', 101), ticketOf('a', 202), ticketOf('b', 101)];
    tickets.revoke({});
    tickets.revoke({ sub: 'a', territoryId: 101 });
    assert.equal(tickets.take(one), undefined);
    assert.equal(tickets.take(elsewhere)?.territoryId, 202);
    assert.equal(tickets.take(other)?.sub, 'b');
  });
});
