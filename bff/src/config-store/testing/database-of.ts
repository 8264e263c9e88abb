import pg from 'pg';
import type { StoreConfig } from '../../config.ts';

/** A way to a PostgreSQL database. */
export type PostgresConfig = Extract<StoreConfig, { readonly kind: 'postgres' }>;

/** Runs statements as the login of an address, one after the other. @returns the rows of the last. */
export async function runAs(url: string, ...statements: readonly string[]): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** An address with another database or another login. */
export function withParts(url: string, parts: { readonly database?: string; readonly user?: string }): string {
  const address = new URL(url);
  if (parts.database !== undefined) address.pathname = `/${parts.database}`;
  if (parts.user !== undefined) address.username = parts.user;
  return address.href;
}

/** A new, empty database beside the one of an engine. */
export async function databaseOf(config: StoreConfig, database: string, owner?: string): Promise<PostgresConfig> {
  if (config.kind !== 'postgres') throw new Error('Only PostgreSQL has several databases.');
  await runAs(config.url, `create database ${database}${owner === undefined ? '' : ` owner ${owner}`}`);
  return { kind: 'postgres', url: withParts(config.url, { database }) };
}
