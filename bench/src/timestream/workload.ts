import type { ServerProcess } from './server-process.ts';

/** Database of the workload. */
export const DATABASE = 'bench';
/** Table of the workload. */
export const TABLE = 'visits';

/** One row of the workload, as a visit to a queue would be stored. */
export interface BenchRow {
  readonly territoryId: string;
  readonly queueId: string;
  readonly agentId: string;
  readonly timeMs: number;
  readonly waitMs: number;
  readonly talkMs: number;
  readonly answered: number;
}

/** Territories of the workload; a query asks for one of them. */
export const TERRITORIES = 100;
const QUEUES = 20;
const AGENTS = 200;

/** The same rows for every system under test: `index` decides everything. */
export function rowAt(index: number, startMs: number, stepMs: number): BenchRow {
  return {
    territoryId: String(100 + (index % TERRITORIES)),
    queueId: `q_${String((index * 7) % QUEUES)}`,
    agentId: `ag_${String((index * 13) % AGENTS)}`,
    timeMs: startMs + Math.floor(index * stepMs),
    waitMs: (index * 31) % 90_000,
    talkMs: (index * 97) % 600_000,
    answered: index % 9 === 0 ? 0 : 1,
  };
}

/** Lays the empty table of the workload out on a server. */
export async function createTable(server: ServerProcess): Promise<void> {
  await server.call('CreateDatabase', JSON.stringify({ DatabaseName: DATABASE }));
  await server.call(
    'CreateTable',
    JSON.stringify({
      DatabaseName: DATABASE,
      TableName: TABLE,
      RetentionProperties: { MemoryStoreRetentionPeriodInHours: 48, MagneticStoreRetentionPeriodInDays: 400 },
    }),
  );
}

/** A WriteRecords body of rows; the index keeps records of one millisecond apart. */
export function writeBody(from: number, count: number, startMs: number): string {
  const records = Array.from({ length: count }, (_, offset) => {
    const row = rowAt(from + offset, startMs, 0.1);
    return {
      Dimensions: [
        { Name: 'territory_id', Value: row.territoryId },
        { Name: 'queue_id', Value: row.queueId },
        { Name: 'agent_id', Value: row.agentId },
      ],
      Time: String(row.timeMs),
      MeasureValues: [
        { Name: 'wait_ms', Value: String(row.waitMs), Type: 'BIGINT' },
        { Name: 'talk_ms', Value: String(row.talkMs), Type: 'BIGINT' },
        { Name: 'answered', Value: String(row.answered), Type: 'BIGINT' },
      ],
    };
  });
  return JSON.stringify({
    DatabaseName: DATABASE,
    TableName: TABLE,
    CommonAttributes: { MeasureName: 'visit', MeasureValueType: 'MULTI' },
    Records: records,
  });
}
