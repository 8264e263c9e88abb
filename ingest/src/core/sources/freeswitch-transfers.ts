/** How FreeSWITCH says a leg was moved: blind, attended, or bridged to another call by a command. */
const KINDS: ReadonlySet<string> = new Set(['bl_xfer', 'att_xfer', 'uuid_br']);

/**
 * The kind of one entry of `variable_transfer_history`, `<epoch>:<uuid>:<kind>:<where to>`. Where to may be a
 * telephone number, so that the kind alone is kept of an entry; a bare kind is its own.
 */
export function transferKindOf(entry: string): string {
  const kind = KINDS.has(entry) ? entry : entry.split(':', 3)[2];
  return kind !== undefined && KINDS.has(kind) ? kind : 'other';
}

/**
 * How often a leg was transferred. An attended transfer leaves two entries, one for itself and one for the bridge that
 * carries it out; a bridge without the first was ordered by a command and is a transfer of its own.
 */
export function transfersIn(history: readonly string[]): number {
  const kinds = history.map(transferKindOf);
  const attended = kinds.filter((kind) => kind === 'att_xfer').length;
  const bridged = kinds.filter((kind) => kind === 'uuid_br').length;
  return kinds.length - Math.min(attended, bridged);
}
