import { DATABASE } from '@lumina/contracts';
import { QueryCommand, type Datum, type TimestreamQueryClient } from '@aws-sdk/client-timestream-query';

import { recordTimeNs } from '../core/encode-record.ts';
import { isNamed, messageOf } from './service-error.ts';
import type { PlacedFact, RowIdentity, StoreCallOptions } from '../ports/record-store.ts';

const PLACES_PER_QUERY = 50;

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `2026-01-01 00:00:00.123456789`, as Timestream writes and reads timestamps. */
export function timestampText(ns: bigint): string {
  const second = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${second}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
}

function placeKey(timeText: string, dimensions: readonly (string | undefined)[]): string {
  return [timeText, ...dimensions].join('|');
}

/** Rows of one kind in one territory: they share the columns that make their places. */
function groupsOf(placed: readonly PlacedFact[]): PlacedFact[][] {
  const groups = new Map<string, PlacedFact[]>();
  for (const place of placed) {
    const { fact } = place;
    const key = `${fact.table}|${fact.name}|${String(fact.territoryId)}|${String(fact.regionId)}`;
    const group = groups.get(key) ?? [];
    group.push(place);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / PLACES_PER_QUERY) }, (_, index) =>
      group.slice(index * PLACES_PER_QUERY, (index + 1) * PLACES_PER_QUERY),
    ),
  );
}

function queryText(group: readonly PlacedFact[], names: readonly string[], claim: string): string {
  const [first] = group;
  if (first === undefined) throw new RangeError('A group holds at least one place.');
  const { table, name, territoryId, regionId } = first.fact;
  const times = [...new Set(group.map(({ fact, salt }) => recordTimeNs(fact, salt)))].sort((a, b) => (a < b ? -1 : 1));
  const stamp = (ns: bigint | undefined): string => `TIMESTAMP ${literal(timestampText(ns ?? 0n))}`;
  const columns = ['"time"', '"eid"', claim, ...names.map((name) => `"${name}"`)].join(', ');
  return [
    `SELECT ${columns} FROM "${DATABASE}"."${table}"`,
    `WHERE "territory_id" = ${literal(String(territoryId))} AND "region_id" = ${literal(String(regionId))}`,
    `AND "measure_name" = ${literal(name)}`,
    `AND "time" BETWEEN ${stamp(times[0])} AND ${stamp(times.at(-1))}`,
    `AND "time" IN (${times.map(stamp).join(', ')})`,
  ].join(' ');
}

async function allRows(client: TimestreamQueryClient, text: string, options: StoreCallOptions): Promise<Datum[][]> {
  const rows: Datum[][] = [];
  let token: string | undefined;
  do {
    const command = new QueryCommand({ QueryString: text, ...(token === undefined ? {} : { NextToken: token }) });
    const page = await client.send(command, options.signal === undefined ? {} : { abortSignal: options.signal });
    for (const row of page.Rows ?? []) rows.push(row.Data ?? []);
    token = page.NextToken;
  } while (token !== undefined);
  return rows;
}

function isMissingColumn(error: unknown): boolean {
  return isNamed(error, 'ValidationException') && /does not exist|cannot be resolved/i.test(messageOf(error));
}

async function rowsWithoutClaims(
  client: TimestreamQueryClient,
  group: readonly PlacedFact[],
  names: readonly string[],
  options: StoreCallOptions,
): Promise<Datum[][]> {
  try {
    return await allRows(client, queryText(group, names, '0'), options);
  } catch (error) {
    if (isMissingColumn(error)) return [];
    throw error;
  }
}

/**
 * A column exists only once it was written: in a table without a single claim, no row is one, and where even the other
 * columns cannot be seen yet, no row can.
 */
async function rowsOf(
  client: TimestreamQueryClient,
  group: readonly PlacedFact[],
  names: readonly string[],
  options: StoreCallOptions,
): Promise<Datum[][]> {
  try {
    return await allRows(client, queryText(group, names, '"claim"'), options);
  } catch (error) {
    if (!isMissingColumn(error)) throw error;
    return rowsWithoutClaims(client, group, names, options);
  }
}

/** Reads whose rows stand at the given places. */
export async function readBackRows(
  client: TimestreamQueryClient,
  placed: readonly PlacedFact[],
  options: StoreCallOptions = {},
): Promise<(RowIdentity | undefined)[]> {
  const found = new Map<string, RowIdentity>();
  const keyOf = ({ fact, salt }: PlacedFact, names: readonly string[]): string => {
    const dimensions = names.map((name) => fact.dimensions[name]);
    return `${fact.table}|${fact.name}|${String(fact.territoryId)}|${placeKey(timestampText(recordTimeNs(fact, salt)), dimensions)}`;
  };
  for (const group of groupsOf(placed)) {
    const [first] = group;
    if (first === undefined) continue;
    const names = Object.keys(first.fact.dimensions).sort();
    const prefix = `${first.fact.table}|${first.fact.name}|${String(first.fact.territoryId)}|`;
    for (const [time, eid, claim, ...dimensions] of await rowsOf(client, group, names, options)) {
      const key =
        prefix +
        placeKey(
          time?.ScalarValue ?? '',
          dimensions.map((datum) => datum.ScalarValue),
        );
      found.set(key, { eid: eid?.ScalarValue ?? '', isClaim: claim?.ScalarValue === '1' });
    }
  }
  return placed.map((place) => found.get(keyOf(place, Object.keys(place.fact.dimensions).sort())));
}
