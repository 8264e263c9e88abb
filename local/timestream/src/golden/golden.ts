/**
 * A query, its rows (columns separated by `|`, `NULL` for no value), and the entries of the support table that it
 * shows beside the functions it calls.
 */
export type GoldenCase = readonly [sql: string, rows: readonly string[], shows?: readonly string[]];
/** Cases whose expected rows are from one source. */
export type GoldenGroup = { source: string; cases: readonly GoldenCase[] };

/** A page of the developer guide of Amazon Timestream for LiveAnalytics. */
export const guide = (page: string): string => `docs.aws.amazon.com/timestream/latest/developerguide/${page}.html`;
/** Where the language follows Trino, which the developer guide names as its source. */
export const trino = (page: string): string => `trino.io/docs/current/${page}.html`;
export const BY_HAND = 'worked by hand';
