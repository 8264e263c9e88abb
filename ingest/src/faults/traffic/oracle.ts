const MINUTE_MS = 60_000;

/** Exact totals by cell: territory, kind of fact, one dimension's value, minute and part. */
export type Totals = Map<string, number>;

/** Name of a cell. */
export function cellOf(territoryId: number, kind: string, value: string, ms: number, part: string): string {
  return [territoryId, kind, value, Math.floor(ms / MINUTE_MS), part].join('|');
}

/**
 * What must be stored, counted by whoever makes the traffic up. It knows how each thing ended, so it adds each once, and
 * needs nothing of what ingestion does to get there.
 */
export class Oracle {
  readonly totals: Totals = new Map();

  add(territoryId: number, kind: string, value: string, ms: number, parts: Readonly<Record<string, number>>): void {
    for (const [part, amount] of Object.entries(parts)) {
      const cell = cellOf(territoryId, kind, value, ms, part);
      this.totals.set(cell, (this.totals.get(cell) ?? 0) + amount);
    }
  }
}

/** Cells that differ, one sentence each; a cell that is not there is 0. */
export function differences(expected: Totals, stored: Totals): string[] {
  return [...new Set([...expected.keys(), ...stored.keys()])].flatMap((cell) => {
    const [wanted, found] = [expected.get(cell) ?? 0, stored.get(cell) ?? 0];
    if (wanted === found) return [];
    return [
      `cell ${cell}: ${String(Math.abs(found - wanted))} ${found > wanted ? 'too much' : 'missing'}, ${String(wanted)} happened`,
    ];
  });
}
