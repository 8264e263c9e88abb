import { createHash } from 'node:crypto';
import { RejectedRecordsException, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import type { TimestreamWriteClient, _Record } from '@aws-sdk/client-timestream-write';
import { DATABASE, factDefinition } from '@lumina/contracts';
import type { Fact } from '@lumina/contracts';
import { SECOND_MS } from '../time/grid.ts';
import { factIdOf } from '../fold/fact-key.ts';

const NS_PER_MS = 1_000_000n;
const SPREAD_IN_MS = 1_000_000;
const SPREAD_IN_SECOND = 1_000_000_000;
/** So few places in a millisecond or a second that things meet on one, and one of them must move. */
const PLACES = 25;
const RECORDS_PER_CALL = 100;

/**
 * Writes facts by the rules of ingestion: a hashed fact lies at a hash of its thing within its millisecond, or its second
 * where that is all that is known; one of a version above 1 claims its place first; a lower version is superseded.
 */
export class FactWriter {
  readonly #client: TimestreamWriteClient;
  /** Which thing holds a place. */
  readonly #places = new Map<string, string>();

  constructor(client: TimestreamWriteClient) {
    this.#client = client;
  }

  async write(facts: readonly Fact[]): Promise<void> {
    const round = new Map<string, Fact>();
    for (const fact of facts) {
      const place = this.#placeOf(fact);
      if (round.has(place)) {
        await this.#writeRound(round);
        round.clear();
      }
      round.set(place, fact);
    }
    await this.#writeRound(round);
  }

  async #writeRound(round: ReadonlyMap<string, Fact>): Promise<void> {
    const all = [...round].map(([place, fact]) => ({ fact, time: place.slice(place.lastIndexOf('|') + 1) }));
    const claims = all.filter(({ fact }) => fact.eid !== undefined && fact.version > 1);
    await this.#send(
      claims.map(({ fact: { eid = '', ...fact }, time }) => ({
        fact: { ...fact, version: 1, measures: { n: 0, claim: 1, eid } },
        time,
      })),
    );
    await this.#send(
      all.map(({ fact, time }) =>
        fact.eid !== undefined && fact.version > 1
          ? { fact: { ...fact, measures: { claim: 0, ...fact.measures } }, time }
          : { fact, time },
      ),
    );
  }

  async #send(placed: readonly { readonly fact: Fact; readonly time: string }[]): Promise<void> {
    for (const [table, ofTable] of Map.groupBy(placed, ({ fact }) => fact.table)) {
      for (let start = 0; start < ofTable.length; start += RECORDS_PER_CALL) {
        const Records = ofTable.slice(start, start + RECORDS_PER_CALL).map(({ fact, time }) => recordOf(fact, time));
        const command = new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: table, Records });
        try {
          await this.#client.send(command);
        } catch (error) {
          // Superseded or in conflict: what stands there stays.
          if (!(error instanceof RejectedRecordsException)) throw error;
        }
      }
    }
  }

  #placeOf({ table, name, territoryId, dimensions, timeMs, eid }: Fact): string {
    const series = [table, name, territoryId, ...Object.entries(dimensions).toSorted().flat()].join('|');
    const baseNs = BigInt(timeMs) * NS_PER_MS;
    if (eid === undefined) return `${series}|${String(baseNs)}`;
    const spread = timeMs % SECOND_MS === 0 ? SPREAD_IN_SECOND : SPREAD_IN_MS;
    for (let salt = 0; ; salt += 1) {
      const hash: number = createHash('sha256')
        .update(`${eid}/${String(salt)}`)
        .digest()
        .readUInt32BE();
      const place: string = `${series}|${String(baseNs + BigInt((hash % PLACES) * (spread / PLACES)))}`;
      const owner: string = this.#places.get(place) ?? eid;
      if (owner !== eid) continue;
      this.#places.set(place, eid);
      return place;
    }
  }
}

function recordOf(fact: Fact, time: string): _Record {
  const id = factIdOf(fact);
  if (id === undefined) throw new TypeError(`There is no fact ${fact.table}.${fact.name}.`);
  const types = factDefinition(id).measures;
  return {
    Dimensions: [
      { Name: 'territory_id', Value: String(fact.territoryId) },
      { Name: 'region_id', Value: String(fact.regionId) },
      ...Object.entries(fact.dimensions).map(([Name, Value]) => ({ Name, Value })),
    ],
    MeasureName: fact.name,
    MeasureValueType: 'MULTI',
    MeasureValues: Object.entries(fact.measures).map(([Name, value]) => ({
      Name,
      Value: String(value),
      Type: types[Name] ?? 'BIGINT',
    })),
    Time: time,
    TimeUnit: 'NANOSECONDS',
    Version: fact.version,
  };
}
