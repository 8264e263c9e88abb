import type { Trunk } from './config.ts';
import { readChannels, type ListRow } from './lists.ts';
import { ask, scopeOf, send, type Printed, type RoundContext } from './round.ts';
import { callSnapshot, trunkSnapshot } from './snapshots.ts';

/** Columns that may name the domain that a leg was routed in. */
const DOMAIN_COLUMNS = ['presence_id', 'context', 'initial_context'];

function sendCalls(context: RoundContext, rows: readonly ListRow[], at: Printed): void {
  const { legs, territories } = context.model;
  const counts = new Map(
    territories.all.map((id) => [
      id,
      new Map([
        ['inbound', 0],
        ['outbound', 0],
      ]),
    ]),
  );
  for (const row of rows) {
    const direction = legs.directionOf(row);
    if (direction === undefined) continue;
    const domains = DOMAIN_COLUMNS.map((column) => row.get(column) ?? '');
    const territoryId = territories.ofChannel(row.get('uuid') ?? '', row.get('call_uuid') ?? '', domains);
    const own = territoryId === undefined ? undefined : counts.get(territoryId);
    own?.set(direction, (own.get(direction) ?? 0) + 1);
  }
  for (const [territoryId, own] of counts) {
    send(context, territoryId, [callSnapshot(scopeOf(context, territoryId, at), own)]);
  }
}

function sendTrunks(context: RoundContext, rows: readonly ListRow[], at: Printed): void {
  const names = rows.map((row) => row.get('name') ?? '');
  const busyOf = ({ prefix }: Trunk): number => names.filter((name) => name.startsWith(prefix)).length;
  for (const [territoryId, trunks] of Map.groupBy(context.config.trunks, (trunk) => trunk.territoryId)) {
    const samples = trunks.map((trunk) => ({ trunkId: trunk.trunkId, busy: busyOf(trunk), capacity: trunk.capacity }));
    send(context, territoryId, [trunkSnapshot(scopeOf(context, territoryId, at), samples)]);
  }
}

/** CALL_SNAPSHOT and TRUNK_SNAPSHOT, from one list of channels. */
export function channelRound(context: RoundContext): Promise<void> {
  return ask(context, 'show channels as json', (printed) => {
    const rows = readChannels(printed.text);
    const { snapshots } = context.config;
    if (snapshots.has('calls')) sendCalls(context, rows, printed);
    if (snapshots.has('trunks')) sendTrunks(context, rows, printed);
  });
}
