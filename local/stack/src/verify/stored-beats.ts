import type { TimeSeriesStore } from '@lumina/bff/timestream';
import type { Beats } from '@lumina/simulator';

/** The instants for which the stored snapshots of queues and trunks stand. */
export async function storedBeats(store: TimeSeriesStore, territoryId: number): Promise<Beats> {
  const beatsIn = async (table: string, measure: string, series: string): Promise<number[]> => {
    const rows = await store.query(
      `SELECT DISTINCT at_ms FROM "lumina"."${table}" WHERE territory_id = '${String(territoryId)}' ` +
        `AND measure_name = '${measure}' AND ${series} = '*' ORDER BY at_ms`,
    );
    return rows.map((row) => Number(row['at_ms']));
  };
  return {
    queues: await beatsIn('queue_metrics', 'level', 'queue_id'),
    calls: await beatsIn('call_metrics', 'level', 'direction'),
    trunks: await beatsIn('system_metrics', 'trunk', 'trunk_id'),
  };
}
