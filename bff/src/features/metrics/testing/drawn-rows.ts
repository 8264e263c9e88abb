import { BEAT_SERIES, FACTS, factDefinition } from '@lumina/contracts';
import type { FactId } from '@lumina/contracts';
import type { FactRow } from '../fold/fact-row.ts';
import { MINUTE_MS, QUARTER_MS, SECOND_MS, floorTo } from '../time/grid.ts';

const FACT_IDS = Object.keys(FACTS) as FactId[];
const SLOT_MS = 10_000;
/** Few enough that groups meet, the missing one included. */
const DIMENSION_VALUES = ['-', 'a', 'b', "it's"];
const STATES = ['available', 'on_contact', 'acw', 'away'];

/** A draw: a whole number below a bound. */
export type Chance = (below: number) => number;

/** A span of time that rows are drawn from. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

function timeOf(fact: FactId, chance: Chance, { fromMs, toMs }: Span): number {
  const { keying } = factDefinition(fact);
  const atMs = fromMs + chance(toMs - fromMs);
  if (keying === 'slot' || keying === 'natural') return floorTo(atMs, SLOT_MS);
  // Half of all sources know whole seconds only.
  return chance(2) === 0 ? floorTo(atMs, SECOND_MS) : atMs;
}

function measuresOf(fact: FactId, timeMs: number, chance: Chance): Record<string, number | string> {
  const { measures } = factDefinition(fact);
  const drawn: Record<string, number | string> = {};
  for (const [name, type] of Object.entries(measures)) {
    if (name === 'claim') continue;
    // Columns are absent from some rows, as from those of an older version; no row is without any.
    if (Object.keys(drawn).length > 0 && chance(12) === 0) continue;
    if (type === 'VARCHAR') drawn[name] = DIMENSION_VALUES[chance(DIMENSION_VALUES.length)] ?? '-';
    else if (name === 'at_ms') drawn[name] = timeMs + chance(SLOT_MS);
    else if (name === 'interval_ms') drawn[name] = SLOT_MS;
    else if (name === 'join_ms') drawn[name] = timeMs - chance(5 * MINUTE_MS);
    else if (name === 'ms') drawn[name] = chance(QUARTER_MS);
    else drawn[name] = chance(4) === 0 ? chance(100_000) : chance(2);
  }
  return drawn;
}

/** Draws rows of every kind of fact; no two have one key. */
export function drawRows(chance: Chance, count: number, span: Span): FactRow[] {
  const rows = new Map<string, FactRow>();
  for (let index = 0; index < count; index += 1) {
    const fact = FACT_IDS[chance(FACT_IDS.length)] ?? 'call_metrics.call';
    const definition = factDefinition(fact);
    const timeMs = timeOf(fact, chance, span);
    const dimensions = Object.fromEntries(
      definition.dimensions.map((name) => {
        const values = name === 'state' ? STATES : DIMENSION_VALUES;
        const isBeat = name === definition.series && chance(3) === 0;
        return [name, isBeat ? BEAT_SERIES : (values[chance(values.length)] ?? '-')];
      }),
    );
    const key = JSON.stringify([fact, dimensions, definition.keying === 'hashed' ? index : timeMs]);
    rows.set(key, { fact, timeMs, dimensions, measures: measuresOf(fact, timeMs, chance) });
  }
  return [...rows.values()];
}
