/** How much of something the service lets an account or a table have. */
export type Quotas = {
  /** Databases of an account, per region. */
  databases: number;
  /** Tables of an account, per region. */
  tables: number;
  /** Different measure names of the records of a table. */
  measureNames: number;
  /** Columns that measures of MULTI records bring to a table. */
  measureColumns: number;
  /** Size of a record in bytes, by which it is also billed. */
  recordBytes: number;
};

/** The documented quotas. */
export const SERVICE_QUOTAS: Quotas = {
  databases: 500,
  tables: 50_000,
  measureNames: 8192,
  measureColumns: 1024,
  recordBytes: 2048,
};
