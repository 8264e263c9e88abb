import type { Ledger } from '../world/ledger.ts';
import { Tally } from './truth-line.ts';
import type { TruthLine, TruthRange } from './truth-line.ts';

/** Trunks as sampled by the snapshots that arrived; services as their own samples say. */
export const systemTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const tallyOf = (metric: string): Tally => new Tally(range, ledger.territoryId, metric);
  const trunkUse = tallyOf('trunk_utilization');
  const latency = tallyOf('api_latency');
  const errorRate = tallyOf('error_rate');
  for (const { atMs, isDelivered, intervalMs, trunks } of ledger.trunkSamples) {
    if (!isDelivered) continue;
    for (const { trunkId, busy, capacity } of trunks) {
      trunkUse.add(atMs, [{}, { trunk_id: trunkId }], busy * intervalMs, capacity * intervalMs);
    }
  }
  for (const { atMs, service, route, requests, errors, latencySumMs } of ledger.apiSamples) {
    const groups = [{}, { service }, { route }, { service, route }];
    latency.add(atMs, groups, latencySumMs, requests);
    errorRate.add(atMs, groups, errors, requests);
  }
  return [trunkUse, latency, errorRate].flatMap((tally) => tally.lines());
};
