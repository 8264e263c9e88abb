/** Name of the Timestream database. */
export const DATABASE = 'lumina';
/** The tables of the database. */
export const TABLES = ['call_metrics', 'queue_metrics', 'agent_metrics', 'system_metrics'] as const;
/** One table of the database. */
export type TableName = (typeof TABLES)[number];

/** Hours a row stays in the memory store. */
export const MEMORY_RETENTION_HOURS = 48;
/** Days a row stays in the magnetic store. */
export const MAGNETIC_RETENTION_DAYS = 400;
/** The customer-defined partition key, required in every record. */
export const PARTITION_DIMENSION = 'territory_id';
/** Series value of a beat row: the proof that a part was sampled in that slot. */
export const BEAT_SERIES = '*';
/** Value of a dimension that an event does not give. */
export const MISSING = '-';
/** Snapshots are sent this often. */
export const SNAPSHOT_INTERVAL_MS = 10_000;
/** Slices of agent state are cut at multiples of this, UTC. */
export const SLICE_CUT_MS = 900_000;
