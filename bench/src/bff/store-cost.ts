import { createMetricsFeature } from '@lumina/bff/metrics';
import type { MetricsFeature } from '@lumina/bff/metrics';
import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import { permissionsOf } from '@lumina/contracts';
import { boardOf, widgetsOf } from './boards.ts';
import type { SimulatedRegion } from './simulated-region.ts';

const REFRESH_S = 10;

/** What viewers cost the store, and what they would each for themselves. */
export interface StoreCost {
  readonly queries: number;
  readonly rows: number;
  readonly naiveQueries: number;
  readonly naiveRows: number;
}

const directory = {
  timeZoneOf: (): Promise<string> => Promise.resolve('Europe/London'),
  agentsOfTeams: (): Promise<readonly string[]> => Promise.resolve([]),
  queueMembers: (): Promise<readonly never[]> => Promise.resolve([]),
};

/** The part of a regional BFF that answers metric queries, as it is wired in one, over a simulated region. */
export function metricsOf(region: SimulatedRegion): MetricsFeature {
  const { store, clock } = region;
  return createMetricsFeature({ store, directory, clock: clock.now });
}

/** A viewer of the region's territory. */
export function viewerOf({ territoryId, regionId }: SimulatedRegion) {
  return { territoryId, regionId, permissions: permissionsOf(['viewer']) };
}

/** The rows that a query of a widget alone would bring: one per point of every series. */
function pointsOf({ data }: MetricReply): number {
  return data.reduce((sum, { points }) => sum + points.length, 0);
}

/**
 * Lets viewers look at boards for some minutes, each asking every ten seconds at a moment of its own, after a first round
 * in which the service comes to know the boards.
 */
export async function measureViewers(
  region: SimulatedRegion,
  viewers: number,
  boards: readonly MetricQueryRequest[],
  minutes: number,
): Promise<StoreCost> {
  const { service, follower } = metricsOf(region);
  const identity = viewerOf(region);
  const ask = (viewer: number): Promise<MetricReply> =>
    service.query(boards[viewer % boards.length] ?? boardOf('1h', '1m'), identity);
  const naive = { queries: 0, rows: 0 };
  for (const board of boards) {
    for (const widget of widgetsOf(board)) {
      naive.queries += 1;
      naive.rows += pointsOf(await service.query(widget, identity));
    }
  }
  for (let second = 0; second < 2 * REFRESH_S; second += 1) {
    await region.second(follower);
    for (let viewer = second % REFRESH_S; viewer < viewers; viewer += REFRESH_S) await ask(viewer);
    await region.store.settled();
  }
  region.store.reset();
  for (let second = 0; second < minutes * 60; second += 1) {
    await region.second(follower);
    for (let viewer = second % REFRESH_S; viewer < viewers; viewer += REFRESH_S) await ask(viewer);
    await region.store.settled();
  }
  const asked = (viewers / boards.length) * ((minutes * 60) / REFRESH_S);
  return {
    queries: region.store.queries,
    rows: region.store.rows,
    naiveQueries: asked * naive.queries,
    naiveRows: asked * naive.rows,
  };
}

/** How many times the queries of one viewer a hundred who come at once cost: 1 is one scan per plan. */
export async function measureCold(region: SimulatedRegion): Promise<number> {
  const identity = viewerOf(region);
  const board = boardOf('24h', '5m');
  const costOf = async (viewers: number): Promise<number> => {
    const { service } = metricsOf(region);
    region.store.reset();
    await Promise.all(Array.from({ length: viewers }, () => service.query(board, identity)));
    await region.store.settled();
    return region.store.queries;
  };
  const one = await costOf(1);
  return (await costOf(100)) / one;
}
