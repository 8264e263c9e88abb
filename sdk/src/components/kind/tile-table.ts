/** The contents of a tile as a table of texts. The first column names the rows. */
export interface TileTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
