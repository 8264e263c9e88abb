import { FACTS, type Fact, type FactId, type LuminaEvent } from '@lumina/contracts';

/** Dimensions of a kind of fact besides territory and region; given in the order of its definition. */
type DimensionsOf<Id extends FactId> = Readonly<Record<(typeof FACTS)[Id]['dimensions'][number], string>>;

type Measures = Readonly<Record<string, number | string>>;

/** What a builder of facts gives; table, name, territory and region are added from the event. */
export interface FactParts<Id extends FactId> {
  readonly id: Id;
  readonly timeMs: number;
  readonly version: number;
  readonly dimensions: DimensionsOf<Id>;
  readonly measures: Measures;
}

/** What a builder gives of a fact that is kept by the id of its thing. */
export interface HashedFactParts<Id extends FactId> extends FactParts<Id> {
  readonly measures: Measures & { readonly eid: string };
}

/** The version of what an event says of a thing that only it speaks of. */
export function versionOf(event: LuminaEvent): number {
  return event.rev ?? 1;
}

function zeroed(measures: Measures): Measures {
  return Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [name, typeof value === 'number' ? 0 : value]),
  );
}

/** Builds a fact that is kept by the id of its thing. A void one keeps the identity and counts nothing. */
export function hashedFact<const Id extends FactId>(
  event: LuminaEvent,
  { id, timeMs, version, dimensions, measures }: HashedFactParts<Id>,
  isVoid = event.void === true,
): Fact {
  const { table, name } = FACTS[id];
  return {
    table,
    name,
    territoryId: Number(event.territoryId),
    regionId: Number(event.regionId),
    dimensions,
    timeMs,
    eid: measures.eid,
    version,
    measures: isVoid ? zeroed(measures) : measures,
  };
}

/** Builds a fact that is kept by its dimensions and time: a sample or a slice. */
export function keyedFact<const Id extends FactId>(
  event: LuminaEvent,
  { id, timeMs, version, dimensions, measures }: FactParts<Id>,
): Fact {
  const { table, name } = FACTS[id];
  const territoryId = Number(event.territoryId);
  return { table, name, territoryId, regionId: Number(event.regionId), dimensions, timeMs, version, measures };
}

/** Where a sample lies: its slot, and the version that lets the newest sample of a slot win. */
export function slotOf(atMs: number, intervalMs: number): { timeMs: number; version: number } {
  const timeMs = Math.floor(atMs / intervalMs) * intervalMs;
  return { timeMs, version: atMs - timeMs + 1 };
}
