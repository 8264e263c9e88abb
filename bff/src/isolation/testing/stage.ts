import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { databaseOf } from '../../config-store/testing/database-of.ts';
import type { StoreConfig } from '../../config.ts';
import { configEngines, embeddedEngine } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { startSurroundings, startWorld } from './marked-world.ts';
import type { Guards, Held, MarkedWorld, Surroundings } from './marked-world.ts';
import type { RoleFindings } from './role-attack.ts';
import { NEIGHBOUR, OUTSIDE_MARK, PRIVATE_MARK, REGION_2_MARK, SECRET_MARK, TERRITORIES } from './territories.ts';
import { marksIn } from './verdicts.ts';
import { Wire } from './wire.ts';

/** How much is tried. */
export interface Extents {
  readonly seed: number;
  /** Questions per route and caller. */
  readonly draws: number;
  /** Requests with odd headers, ids, bodies and paths. */
  readonly hostile: number;
  /** How often everybody asks the same at once. */
  readonly rounds: number;
  /** Fewer would be no attack. */
  readonly fewestAttempts: number;
}

const SHOWN = 20;
const TOKEN = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;
const ALL_MARKS = [...TERRITORIES.map(({ mark }) => mark), OUTSIDE_MARK, PRIVATE_MARK, SECRET_MARK, REGION_2_MARK];

/** What the tests of one file share: a database server, an identity provider, a store of metrics, and their worlds. */
export class Stage {
  readonly wire = new Wire();
  readonly surroundings: Surroundings;
  readonly #engine: ConfigEngine;
  readonly #stops: (() => Promise<unknown>)[] = [];
  #stores = 0;

  private constructor(engine: ConfigEngine, surroundings: Surroundings) {
    this.#engine = engine;
    this.surroundings = surroundings;
  }

  /** On PostgreSQL where there is one, else on the embedded engine. */
  static async set(): Promise<Stage> {
    const start = [...configEngines().values()].at(-1);
    assert.ok(start !== undefined);
    return new Stage(await start(), await startSurroundings());
  }

  /** A world over a store of its own, which is let go of with the stage at the latest. */
  async world(guards: Guards): Promise<MarkedWorld> {
    const world = await startWorld(this.surroundings, await this.#newStore(), guards);
    let closing: Promise<Held> | undefined;
    const close = (): Promise<Held> => (closing ??= world.close());
    this.#stops.push(close);
    return { ...world, close };
  }

  async strike(): Promise<void> {
    this.wire.close();
    for (const stop of this.#stops.toReversed()) await stop();
    await this.surroundings.close();
    await this.#engine.stop();
  }

  /** Prints what was tried. */
  report(context: TestContext, { covered, worked, shown }: RoleFindings): void {
    const { attempts, statuses } = this.wire;
    const counts = [...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${String(status)}: ${String(count)}`);
    context.diagnostic(`${String(attempts)} attempts so far; replies ${counts.join(', ')}`);
    context.diagnostic(
      `${String(covered.size)} routes asked, ${String(worked.size)} did something, ${String(shown.size)} told of the own territory`,
    );
  }

  async #newStore(): Promise<StoreConfig> {
    this.#stores += 1;
    if (this.#engine.config.kind === 'postgres')
      return databaseOf(this.#engine.config, `world_${String(this.#stores)}`);
    const engine = await embeddedEngine();
    this.#stops.push(engine.stop);
    return engine.config;
  }
}

/** Fails with the first leaks where there is one. */
export function assertNone(leaks: readonly string[]): void {
  assert.equal(leaks.length, 0, `${String(leaks.length)} leaks\n${leaks.slice(0, SHOWN).join('\n\n')}`);
}

/** That every table had something of another territory to change, and nothing was. */
export function assertUntouched({ before, after }: Held): void {
  for (const [table, rows] of Object.entries(before)) {
    const isThere = rows.some((row) => row.includes(`"territory_id": ${String(NEIGHBOUR.id)}`));
    assert.ok(isThere, `${table} has no row of another territory; add one to marked-rows.ts`);
    assert.deepEqual(after[table], rows, table);
  }
}

/** That no log line holds anything of a territory, nor a token. */
export function assertLogs(logs: readonly string[]): void {
  assert.notEqual(logs.length, 0);
  const wrong = logs.filter(
    (line) => TOKEN.test(line) || marksIn({ rawHeaders: [], body: line }, ALL_MARKS).length > 0,
  );
  assert.deepEqual(wrong.slice(0, SHOWN), []);
}
