import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { peopleOf, serviceClient, strangers } from './callers.ts';
import type { Caller } from './callers.ts';
import { documentedRoutes } from './documented-routes.ts';
import { hostileRequests } from './hostile-requests.ts';
import type { MarkedWorld } from './marked-world.ts';
import { attackByNumbers, attackFromElsewhere, attackWithForgeries, attackWithOddities } from './outside-attack.ts';
import type { Target } from './outside-attack.ts';
import { attackByRole } from './role-attack.ts';
import { Stage, assertLogs, assertNone, assertUntouched } from './stage.ts';
import type { Extents } from './stage.ts';

/** Of a hundred routes so many must have done for somebody what they are for, or the attack met closed doors only. */
const FEWEST_WORKING_PERCENT = 80;

/** Attacks a regional BFF and the distributor before it at everything that the API documents. */
export function attackSuite(extents: Extents): void {
  describe(`territories, scopes and people (seed ${String(extents.seed)})`, () => {
    let stage: Stage;
    let world: MarkedWorld;
    let target: Target;
    let service: Caller & { readonly token: string };
    let people: readonly Caller[];
    let nobodies: readonly Caller[];

    before(async () => {
      stage = await Stage.set();
      world = await stage.world('both');
      const { wire, surroundings } = stage;
      const { issuer } = surroundings;
      const { regional, distributor } = world;
      target = { wire, issuer, regional, distributor, routes: await documentedRoutes(regional) };
      service = await serviceClient(wire, distributor);
      people = await peopleOf(issuer);
      nobodies = await strangers(issuer);
    });
    after(() => stage.strike());

    it('are open to no forged, expired, edited or borrowed token', async () => {
      assertNone(await attackWithForgeries(target, service.token));
    });

    it('of another region have nothing to ask here', async () => {
      assertNone(await attackFromElsewhere(target));
    });

    it('are not opened by headers, odd ids, odd bodies or odd paths', async () => {
      const callers = [...people.filter(({ name }) => name !== 'super'), service, ...nobodies];
      const requests = hostileRequests(target.routes, callers, [world.regional, world.distributor]);
      assertNone(
        await attackWithOddities(target, fc.sample(requests, { seed: extents.seed, numRuns: extents.hostile })),
      );
    });

    it('are named by a super_admin in plain numbers or not at all', async () => {
      const acting = people.find(({ name }) => name === 'super');
      assert.ok(acting !== undefined);
      assertNone(await attackByNumbers(target, acting));
    });

    // The last: it removes what there is.
    it('show everybody, at every route, what is theirs and nothing else', async (context) => {
      const { wire, routes, regional, distributor } = target;
      const callers = [...nobodies, service, ...people];
      const { seed, draws, fewestAttempts } = extents;
      const findings = await attackByRole({
        wire,
        origins: [distributor, regional, regional],
        routes,
        callers,
        seed,
        draws,
      });
      const held = await world.close();
      stage.report(context, findings);
      assertNone(findings.leaks);
      assertUntouched(held);
      assertLogs(world.logs);
      const missed = routes.filter(({ key }) => !findings.covered.has(key));
      assert.deepEqual(missed, []);
      assert.ok(findings.worked.size * 100 >= routes.length * FEWEST_WORKING_PERCENT);
      assert.ok(wire.attempts >= fewestAttempts, `only ${String(wire.attempts)} attempts`);
    });
  });
}
