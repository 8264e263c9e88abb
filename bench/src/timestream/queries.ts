import { DuckDBInstance } from '@duckdb/node-api';
import { physicalColumns } from './loaded-file.ts';
import type { ServerProcess } from './server-process.ts';
import { DATABASE, TABLE } from './workload.ts';

/** 5-minute bins over 24 hours of one territory, as the BFF asks. */
export const DAY_QUERY = `SELECT bin(time, 5m) AS b, sum(wait_ms) AS wait, sum(talk_ms) AS talk, count(*) AS n
  FROM "${DATABASE}"."${TABLE}"
  WHERE territory_id = '142' AND measure_name = 'visit' AND time >= ago(24h) AND time < now() GROUP BY bin(time, 5m) ORDER BY b`;

/** Milliseconds of one query through the server, to the last page. */
export async function timeServerQuery(server: ServerProcess, sql: string): Promise<{ ms: number; rows: number }> {
  const begunMs = performance.now();
  let rows = 0;
  let token: string | undefined;
  do {
    const reply = JSON.parse(
      await server.call(
        'Query',
        JSON.stringify({ QueryString: sql, ...(token === undefined ? {} : { NextToken: token }) }),
      ),
    ) as { Rows: unknown[]; NextToken?: string };
    rows += reply.Rows.length;
    token = reply.NextToken;
  } while (token !== undefined);
  return { ms: performance.now() - begunMs, rows };
}

/** The same question written by hand for DuckDB, on a copy of the same file, with the server's number of threads. */
export async function openPeer(
  file: string,
): Promise<{ time: () => Promise<{ ms: number; rows: number }>; close: () => void }> {
  const instance = await DuckDBInstance.create(file, { threads: '2', access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const { table, physical } = await physicalColumns(connection);
  const column = (name: string): string => physical.get(name) ?? name;
  return {
    time: async () => {
      const nowNs = BigInt(Date.now()) * 1_000_000n;
      const fromNs = nowNs - 86_400_000_000_000n;
      const begunMs = performance.now();
      const reader = await connection.runAndReadAll(
        `SELECT time_bucket(INTERVAL 5 MINUTE, time::TIMESTAMP) AS b, sum(${column('wait_ms')}), sum(${column('talk_ms')}), count(*)
         FROM ${table} WHERE ${column('territory_id')} = '142' AND measure_name = 'visit'
           AND time >= make_timestamp_ns(${String(fromNs)}) AND time < make_timestamp_ns(${String(nowNs)}) GROUP BY b ORDER BY b`,
      );
      return { ms: performance.now() - begunMs, rows: reader.getRows().length };
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
