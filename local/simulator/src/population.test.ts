import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { populationOf, SIMULATED_TERRITORIES } from './population.ts';

describe('populationOf', () => {
  for (const territoryId of SIMULATED_TERRITORIES) {
    it(`gives territory ${String(territoryId)} people in its own teams, serving its own queues`, () => {
      const { agents, teams, queues, trunks, services } = populationOf(territoryId);
      assert.equal(new Set(agents.map((agent) => agent.id)).size, agents.length);
      assert.equal(new Set(agents.map((agent) => agent.name)).size, agents.length);
      const teamIds = teams.map((team) => team.id);
      const queueIds = queues.map((queue) => queue.id);
      for (const agent of agents) {
        assert.ok(teamIds.includes(agent.teamId));
        assert.ok(agent.queueIds.length > 0 && agent.queueIds.every((id) => queueIds.includes(id)));
      }
      for (const queueId of queueIds)
        assert.ok(
          agents.some((agent) => agent.queueIds.includes(queueId)),
          queueId,
        );
      assert.deepEqual([agents.length, teams.length, queues.length, trunks.length, services.length], [40, 4, 6, 3, 3]);
    });
  }

  it('has ids that name nobody: neither e-mail nor telephone number', () => {
    for (const territoryId of [0, ...SIMULATED_TERRITORIES]) {
      const { agents, teams, queues, trunks } = populationOf(territoryId);
      for (const { id } of [...agents, ...teams, ...queues, ...trunks]) assert.match(id, /^[a-z]{1,2}_[a-z_]*\d{0,4}$/);
    }
  });

  it('refuses a territory that is not simulated', () => {
    assert.throws(() => populationOf(303), /population_unknown/);
  });
});
