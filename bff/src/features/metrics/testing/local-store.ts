import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  TimestreamWriteClient,
  WriteRecordsCommand,
} from '@aws-sdk/client-timestream-write';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { DATABASE, TABLES, factDefinition } from '@lumina/contracts';
import type { FactId } from '@lumina/contracts';
import { startTimestreamLocal } from 'timestream-local';
import type { FaultSettings } from 'timestream-local';
import { AwsTimestreamStore } from '../../../timestream/aws-store.ts';

/** A fact as a test gives it: dimensions and measures together. */
export interface TestFact {
  readonly fact: FactId;
  readonly timeMs: number;
  readonly values: Readonly<Record<string, number | string>>;
  readonly version?: number;
  readonly territoryId?: number;
}

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const BATCH = 100;

/** The real store client against a local server with a clock of the test's own. */
export class LocalStore {
  readonly store: AwsTimestreamStore;
  /** Where other processes reach the server. */
  readonly url: string;
  /** Makes things go wrong, until told otherwise. */
  readonly setFaults: (settings: FaultSettings) => void;
  /** Writes records as they are. */
  readonly writer: TimestreamWriteClient;
  readonly #close: () => Promise<void>;
  #written = 0;

  private constructor(
    { store, url, writer, setFaults }: Pick<LocalStore, 'store' | 'url' | 'writer' | 'setFaults'>,
    close: () => Promise<void>,
  ) {
    this.store = store;
    this.url = url;
    this.writer = writer;
    this.setFaults = setFaults;
    this.#close = close;
  }

  /** `now` is the server's time, or tells it; `pageRows` makes results come in small pages, the first of them empty. */
  static async start(now: number | (() => number), pageRows?: number): Promise<LocalStore> {
    const dataDir = await mkdtemp(join(tmpdir(), 'lumina-metrics-'));
    const server = await startTimestreamLocal({ port: 0, host: '127.0.0.1', dataDir, clock: clockOf(now) });
    const connection = { region: REGION, endpoint: server.url, credentials: CREDENTIALS };
    const store = new AwsTimestreamStore({ ...connection, maxAttempts: 1, pageRows });
    const writer = new TimestreamWriteClient({ ...connection, maxAttempts: 1 });
    await writer.send(new CreateDatabaseCommand({ DatabaseName: DATABASE }));
    for (const TableName of TABLES) {
      await writer.send(
        new CreateTableCommand({
          DatabaseName: DATABASE,
          TableName,
          RetentionProperties: { MemoryStoreRetentionPeriodInHours: 48, MagneticStoreRetentionPeriodInDays: 400 },
          Schema: {
            CompositePartitionKey: [{ Type: 'DIMENSION', Name: 'territory_id', EnforcementInRecord: 'REQUIRED' }],
          },
        }),
      );
    }
    return new LocalStore({ store, url: server.url, writer, setFaults: server.setFaults }, async () => {
      store.close();
      writer.destroy();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    });
  }

  async write(facts: readonly TestFact[]): Promise<void> {
    for (const table of TABLES) {
      const records = facts
        .filter(({ fact }) => factDefinition(fact).table === table)
        .map((fact) => this.#record(fact));
      for (let start = 0; start < records.length; start += BATCH) {
        const Records = records.slice(start, start + BATCH);
        await this.writer.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: table, Records }));
      }
    }
  }

  close(): Promise<void> {
    return this.#close();
  }

  #record({ fact, timeMs, values, version = 1, territoryId = 101 }: TestFact): _Record {
    const definition = factDefinition(fact);
    this.#written += 1;
    // Hashed facts of one millisecond are kept apart below it; here a counter does what the hash does.
    const below = definition.keying === 'hashed' ? this.#written % 1_000_000 : 0;
    const measures = Object.entries(values).filter(([name]) => name in definition.measures);
    return {
      Dimensions: [
        { Name: 'territory_id', Value: String(territoryId) },
        { Name: 'region_id', Value: '1' },
        ...definition.dimensions.map((Name) => ({ Name, Value: String(values[Name] ?? '-') })),
      ],
      MeasureName: definition.name,
      MeasureValueType: 'MULTI',
      MeasureValues: measures.map(([Name, value]) => ({
        Name,
        Value: String(value),
        Type: definition.measures[Name] ?? 'BIGINT',
      })),
      Time: String(BigInt(timeMs) * 1_000_000n + BigInt(below)),
      TimeUnit: 'NANOSECONDS',
      Version: version,
    };
  }
}

function clockOf(now: number | (() => number)): { nowMs: () => number } {
  return { nowMs: typeof now === 'number' ? () => now : now };
}
