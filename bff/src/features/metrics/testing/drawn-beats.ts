import { BEAT_SERIES, FACTS, factDefinition } from '@lumina/contracts';
import type { Fact, FactId } from '@lumina/contracts';
import { SECOND_MS, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import type { Chance } from './drawn-rows.ts';

const SAMPLED = (Object.keys(FACTS) as FactId[]).filter((fact) => factDefinition(fact).series !== undefined);
const SLOT_MS = 10 * SECOND_MS;

/** Complete snapshots of every sampled fact, one a slot, as a source sends them; some are lost. */
export function drawBeats(chance: Chance, territoryId: number, { fromMs, toMs }: TimeRange): Fact[] {
  const facts: Fact[] = [];
  for (let slotMs = floorTo(fromMs, SLOT_MS); slotMs < toMs - SLOT_MS; slotMs += SLOT_MS) {
    for (const fact of SAMPLED) {
      if (chance(8) === 0) continue;
      const definition = factDefinition(fact);
      const atMs = slotMs + chance(SLOT_MS);
      const series = [BEAT_SERIES, ...['a', 'b'].filter(() => chance(3) > 0)];
      for (const name of series) {
        const dimensions: Record<string, string> = { part: '-' };
        if (definition.series !== undefined) dimensions[definition.series] = name;
        const measures: Record<string, number> = {};
        for (const measure of Object.keys(definition.measures)) {
          if (measure === 'at_ms') measures[measure] = atMs;
          else if (measure === 'interval_ms') measures[measure] = SLOT_MS;
          else if (measure === 'oldest_join_ms') measures[measure] = atMs - chance(60 * SECOND_MS);
          else measures[measure] = name === BEAT_SERIES ? 0 : chance(5);
        }
        facts.push({
          table: definition.table,
          name: definition.name,
          territoryId,
          regionId: 1,
          dimensions,
          timeMs: slotMs,
          version: atMs - slotMs + 1,
          measures,
        });
      }
    }
  }
  return facts;
}
