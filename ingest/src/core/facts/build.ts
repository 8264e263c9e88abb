import { factDefinition, MISSING, type Fact, type FactId, type LuminaEvent } from '@lumina/contracts';

/** What a builder of facts gives; table, name, territory and region are added from the event. */
export interface FactParts {
  readonly id: FactId;
  readonly timeMs: number;
  readonly version: number;
  /** The thing's id; on hashed facts only. */
  readonly eid?: string;
  readonly dimensions: Readonly<Record<string, string | undefined>>;
  readonly measures: Readonly<Record<string, number | string>>;
}

/** The version of what an event says of a thing that only it speaks of. */
export function versionOf(event: LuminaEvent): number {
  return event.rev ?? 1;
}

function zeroed(measures: Readonly<Record<string, number | string>>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [name, typeof value === 'number' ? 0 : value]),
  );
}

/** Builds a fact of an event. A void event keeps the identity and counts nothing. */
export function buildFact(event: LuminaEvent, parts: FactParts): Fact {
  const { table, name, dimensions } = factDefinition(parts.id);
  const measures = event.void === true && parts.eid !== undefined ? zeroed(parts.measures) : parts.measures;
  return {
    table,
    name,
    territoryId: Number(event.territoryId),
    regionId: Number(event.regionId),
    dimensions: Object.fromEntries(dimensions.map((dimension) => [dimension, parts.dimensions[dimension] ?? MISSING])),
    timeMs: parts.timeMs,
    ...(parts.eid === undefined ? {} : { eid: parts.eid }),
    version: parts.version,
    measures: parts.eid === undefined ? measures : { ...measures, eid: parts.eid },
  };
}

/** Where a sample lies: its slot, and the version that lets the newest sample of a slot win. */
export function slotOf(atMs: number, intervalMs: number): { timeMs: number; version: number } {
  const timeMs = Math.floor(atMs / intervalMs) * intervalMs;
  return { timeMs, version: atMs - timeMs + 1 };
}
