import { QueryCommand, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';

import { AWS_REGION, CREDENTIALS } from './cloud.ts';
import { cellOf, type Totals } from './traffic/oracle.ts';

/** What is compared: each kind of fact with the dimension of its cells and its parts. */
export const COMPARED_KINDS: readonly (readonly [kind: string, dimension: string, parts: readonly string[]])[] = [
  ['call_metrics.start', 'direction', ['n']],
  [
    'call_metrics.call',
    'direction',
    ['n', 'answered', 'abandoned', 'dur_ms', 'talk_ms', 'hold_ms', 'wait_ms', 'transfers'],
  ],
  ['call_metrics.event', 'queue_id', ['n']],
  ['queue_metrics.join', 'queue_id', ['n']],
  ['queue_metrics.visit', 'queue_id', ['n', 'wait_ms', 'answered', 'abandoned', 'flowout', 'resumed']],
  ['queue_metrics.resume', 'queue_id', ['n', 'matched']],
  ['queue_metrics.level', 'queue_id', ['depth']],
  ['agent_metrics.handle', 'queue_id', ['n', 'talk_ms', 'hold_ms']],
  ['agent_metrics.acw', 'queue_id', ['n', 'acw_ms']],
  ['agent_metrics.slice', 'state', ['ms']],
  ['call_metrics.ivr', 'flow', ['n', 'dur_ms']],
  ['call_metrics.cai', 'flow', ['n', 'dur_ms', 'turns', 'contained', 'escalated']],
  ['system_metrics.api', 'route', ['n', 'errors', 'lat_sum_ms', 'h07']],
  ['system_metrics.admin', 'action', ['n']],
];

/** Reads what is stored, with the real client. */
export class StoredTotals {
  private readonly client: TimestreamQueryClient;

  constructor(endpoint: string) {
    this.client = new TimestreamQueryClient({ endpoint, region: AWS_REGION, credentials: CREDENTIALS });
  }

  close(): void {
    this.client.destroy();
  }

  /** The totals of some territories. */
  async read(territories: readonly number[]): Promise<Totals> {
    const totals: Totals = new Map();
    const list = territories.map((id) => `'${String(id)}'`).join(', ');
    for (const [kind, dimension, parts] of COMPARED_KINDS) {
      const [table = '', name = ''] = kind.split('.');
      const sums = parts.map((part) => `sum("${part}")`).join(', ');
      const rows = await this.rows(
        `SELECT "territory_id", "${dimension}", bin("time", 1m), ${sums} FROM "lumina"."${table}" ` +
          `WHERE "territory_id" IN (${list}) AND "measure_name" = '${name}' GROUP BY 1, 2, 3`,
      );
      for (const [territory, value = '', minute = '', ...amounts] of rows) {
        const ms = Date.parse(`${minute.slice(0, 19).replace(' ', 'T')}Z`);
        for (const [index, part] of parts.entries()) {
          totals.set(cellOf(Number(territory), kind, value, ms, part), Number(amounts[index] ?? 0));
        }
      }
    }
    return totals;
  }

  /** Deliveries that the workers accounted for, and the sum of the classes they fell into. */
  async accounts(): Promise<{ deliveries: number; settled: number }> {
    const [row = []] = await this.rows(
      'SELECT sum("deliveries"), sum("stored") + sum("late") + sum("duplicate") + sum("rejected") + sum("dead_lettered") ' +
        `FROM "lumina"."system_metrics" WHERE "territory_id" = '0' AND "measure_name" = 'ingest'`,
    );
    return { deliveries: Number(row[0] ?? 0), settled: Number(row[1] ?? 0) };
  }

  private async rows(sql: string): Promise<(string | undefined)[][]> {
    const rows: (string | undefined)[][] = [];
    let token: string | undefined;
    try {
      do {
        const command = new QueryCommand({ QueryString: sql, ...(token === undefined ? {} : { NextToken: token }) });
        const page = await this.client.send(command);
        for (const { Data } of page.Rows ?? []) rows.push((Data ?? []).map(({ ScalarValue }) => ScalarValue));
        token = page.NextToken;
      } while (token !== undefined);
    } catch (error) {
      // A column exists only once it was written; until then there are no rows.
      if (!(error instanceof Error && /does not exist/.test(error.message))) throw error;
    }
    return rows;
  }
}
