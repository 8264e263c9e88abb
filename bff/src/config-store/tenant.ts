/** Whose rows a transaction may touch. Built from a verified identity (or by the import), never from a header. */
export interface Tenant {
  readonly territoryId: number;
}
