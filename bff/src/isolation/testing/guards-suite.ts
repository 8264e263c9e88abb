import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { askAtOnce, watchAtOnce } from './at-once.ts';
import type { Asker } from './at-once.ts';
import { borrow } from './borrowed.ts';
import { peopleOf } from './callers.ts';
import type { Caller } from './callers.ts';
import { documentedRoutes } from './documented-routes.ts';
import type { Guards } from './marked-world.ts';
import { attackByRole } from './role-attack.ts';
import { Stage, assertLogs, assertNone, assertUntouched } from './stage.ts';
import type { Extents } from './stage.ts';
import { DISTANT, NEIGHBOUR, OUTSIDE_MARK, OWN, PRIVATE_MARK, REGION_2_MARK, SECRET_MARK } from './territories.ts';

const NOT_OF_NEIGHBOUR = [OWN.mark, String(OWN.number), OUTSIDE_MARK, DISTANT.mark, SECRET_MARK, REGION_2_MARK];
const WATCHERS_EACH = 2;
/** The lists that have more than a page, and a stream, at two places. */
const FEWEST_LENT = 8;

function named(callers: readonly Caller[], ...names: readonly string[]): Caller[] {
  return callers.filter(({ name }) => names.includes(name));
}

/** Takes away one guard after the other, and lets neighbours ask the same at once. */
export function guardsSuite({ seed, draws, rounds, fewestAttempts }: Extents): void {
  describe(`each guard of a territory (seed ${String(seed)})`, () => {
    let stage: Stage;
    let own: readonly Caller[];
    let neighbours: readonly Caller[];

    before(async () => {
      stage = await Stage.set();
      const { issuer } = stage.surroundings;
      own = await peopleOf(issuer);
      neighbours = (await peopleOf(issuer, NEIGHBOUR)).map((caller) => ({ ...caller, forbidden: NOT_OF_NEIGHBOUR }));
    });
    after(() => stage.strike());

    async function attackWithout(guards: Guards, callers: readonly Caller[], context: TestContext): Promise<void> {
      const { wire } = stage;
      const world = await stage.world(guards);
      const routes = await documentedRoutes(world.regional);
      const mayFail = guards === 'bound-policies';
      const findings = await attackByRole({ wire, origins: [world.regional], routes, callers, seed, draws, mayFail });
      const held = await world.close();
      stage.report(context, findings);
      assertNone(findings.leaks);
      assertUntouched(held);
      assertLogs(world.logs);
      assert.deepEqual(
        routes.filter(({ key }) => !findings.covered.has(key)),
        [],
      );
    }

    it('holds alone: the statements, without row-level security', async (context) => {
      await attackWithout('statements', named(own, 'leader', 'editor', 'admin'), context);
    });

    it('holds alone: statements and policies that name different territories find nothing together', async (context) => {
      // Whatever shows of the own territory came past a statement, whatever of the neighbour past a policy.
      const forbidden = [...NOT_OF_NEIGHBOUR, PRIVATE_MARK, `Land ${NEIGHBOUR.mark}`];
      const callers = named(neighbours, 'viewer', 'admin').map((caller) => ({ ...caller, forbidden }));
      await attackWithout('bound-policies', callers, context);
    });

    it('holds while neighbours ask the same at the same instant', async (context) => {
      const { wire } = stage;
      const world = await stage.world('both');
      const places = [world.distributor, world.regional];
      const askerOf =
        (territory: typeof OWN) =>
        (caller: Caller): Asker => ({ caller, territory, expected: territory.mark });
      const askers = [
        ...named(own, 'admin', 'viewer', 'leader').map(askerOf(OWN)),
        ...named(neighbours, 'viewer', 'super').map(askerOf(NEIGHBOUR)),
      ];
      const { leaks, seen } = await askAtOnce(wire, places, askers, rounds);
      assertNone(leaks);
      for (const { caller } of askers)
        assert.ok(
          [...seen].filter((one) => one.startsWith(`${caller.name} `)).length > 3,
          `${caller.name} saw nothing`,
        );
      const watchers = askers.filter(({ caller }) => caller.name !== 'super' && caller.name !== 'leader');
      assertNone(await watchAtOnce(wire, places, watchers, WATCHERS_EACH));
      const [lender, borrower] = [named(neighbours, 'admin')[0], named(own, 'admin')[0]];
      assert.ok(lender !== undefined && borrower !== undefined);
      const { lent, leaks: borrowed } = await borrow(wire, places, lender, borrower);
      assertNone(borrowed);
      assert.ok(lent >= FEWEST_LENT, `only ${String(lent)} cursors and streams could be had`);
      assertLogs(world.logs);
      context.diagnostic(`${String(wire.attempts)} attempts in all`);
      assert.ok(wire.attempts >= fewestAttempts, `only ${String(wire.attempts)} attempts`);
    });
  });
}
