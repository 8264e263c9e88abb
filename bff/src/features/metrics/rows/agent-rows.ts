import { SLICE_CUT_MS, factDefinition } from '@lumina/contracts';
import type { DataRow } from '@lumina/contracts';
import { all, binary, bin, call, column } from '../../../timestream/sql/ast.ts';
import { scopeOf } from '../plan/scope.ts';
import { optionalNumber, textOf } from '../scans/cells.ts';
import { accepts, membershipOf } from '../scans/membership.ts';
import type { Membership } from '../scans/membership.ts';
import { rowsOf } from '../scans/row-predicates.ts';
import type { Slice } from '../scans/scan.ts';
import { ScanSet } from '../scans/scan-set.ts';
import { HOUR_MS, floorTo } from '../time/grid.ts';
import { pageOf } from './row-page.ts';
import type { AgentEntry, RowPage, RowQuery, RowReader, RowSources } from './row-query.ts';

/** People that one page of the directory holds at most; territories are smaller. */
const MAX_AGENTS = 10_000;
/** How far back the beginning of a state is looked for. */
const LONGEST_STATE_MS = 24 * HOUR_MS;

/** Everybody in the directory whom the identity may see, with what they do now and since when. */
export const AGENT_ROWS: RowReader = {
  defaultOrder: { column: 'name', isDescending: false },
  orders: ['name', 'state', 'since_ms', 'team_id', 'agent_id'],
  filters: ['agent_id', 'team_id', 'state', 'queue_id'],
  permissions: ['metrics:read', 'directory:read'],
  read: readAgents,
};

/** What an agent does; since when is unknown where it lies too far back. */
interface AgentState {
  readonly state: string;
  readonly sinceMs: number | null;
}

async function readAgents(query: RowQuery, sources: RowSources): Promise<RowPage> {
  const { identity, nowMs } = query;
  const { scope, territoryId } = identity;
  const [agents, limits] = await Promise.all([
    sources.directory.list({ territoryId }, 'agents', {
      limit: MAX_AGENTS,
      ...(scope === undefined ? {} : { scope }),
    }),
    scopeOf('agent_metrics.slice', scope, territoryId, sources.directory, nowMs),
  ]);
  const states = await readStates(limits, sources, nowMs);
  const rows = agents.map((agent) => toRow(agent, states?.get(agent.id), states !== undefined));
  const filters = query.filters.map(membershipOf);
  const queuesOf = new Map(agents.map(({ id, queueIds = [] }) => [id, queueIds]));
  const isWanted = (row: DataRow): boolean =>
    filters.every((item) =>
      item.column === 'queue_id'
        ? (queuesOf.get(row.key) ?? []).some((id) => item.values.includes(id)) !== item.negated
        : accepts(item, String(row[item.column] ?? '-')),
    );
  return pageOf(rows.filter(isWanted), query);
}

function toRow({ id, name, teamId }: AgentEntry, found: AgentState | undefined, isKnown: boolean): DataRow {
  // Nobody knows of anyone while snapshots are missing; else who has no open slice is offline.
  const state = found?.state ?? (isKnown ? 'offline' : null);
  return { key: id, agent_id: id, name, team_id: teamId ?? null, state, since_ms: found?.sinceMs ?? null };
}

/** The state of everybody who has had one lately, by agent; undefined when no snapshot says that slices are kept up. */
async function readStates(
  limits: readonly Membership[],
  { scans, statements }: RowSources,
  nowMs: number,
): Promise<Map<string, AgentState> | undefined> {
  const set = new ScanSet(scans, nowMs);
  const range = { fromMs: floorTo(nowMs, SLICE_CUT_MS) - SLICE_CUT_MS, toMs: nowMs };
  const selection = { fact: 'agent_metrics.slice' as const, limits, filters: [], groupBy: ['agent_id'] };
  const [beats, slices] = await Promise.all([set.lastBeats(range), set.slices(selection, range)]);
  if (beats.size === 0) return undefined;
  const states = new Map<string, AgentState>();
  const carried = new Map<string, string>();
  for (const [agent, slice] of newestSlices(slices)) {
    if (!isOpen(slice, new Set(beats.values()))) {
      states.set(agent, { state: 'offline', sinceMs: slice.startMs + slice.ms });
      continue;
    }
    const startMs = firstOf(slice, slices, agent);
    states.set(agent, { state: slice.state, sinceMs: startMs });
    if (startMs === range.fromMs) carried.set(agent, slice.state);
  }
  if (carried.size === 0) return states;
  const starts = await readStarts(limits, { statements, nowMs });
  for (const [agent, state] of carried) {
    states.set(agent, { state, sinceMs: starts.get(JSON.stringify([agent, state])) ?? null });
  }
  return states;
}

/** The newest slice of each agent; of two that begin at once the longer one is the state that lasted. */
function newestSlices(slices: readonly Slice[]): Map<string, Slice> {
  const newest = new Map<string, Slice>();
  for (const slice of slices) {
    const [agent = ''] = slice.group;
    const known = newest.get(agent);
    if (
      known === undefined ||
      slice.startMs > known.startMs ||
      (slice.startMs === known.startMs && slice.ms > known.ms)
    ) {
      newest.set(agent, slice);
    }
  }
  return newest;
}

/** A slice is open when a beat has extended it, exactly to its own instant, or when none came since it began. */
function isOpen({ startMs, ms }: Slice, beats: ReadonlySet<number>): boolean {
  return beats.has(startMs + ms) || (ms === 0 && startMs >= Math.min(...beats));
}

/** Where the chain of slices that ends in this one begins: each cut at a quarter of an hour goes on from the last. */
function firstOf(open: Slice, slices: readonly Slice[], agent: string): number {
  let { startMs } = open;
  for (;;) {
    const before = slices.find(
      (slice) =>
        slice.group[0] === agent &&
        slice.state === open.state &&
        slice.startMs < startMs &&
        slice.startMs + slice.ms === startMs,
    );
    if (before === undefined || startMs % SLICE_CUT_MS !== 0) return startMs;
    startMs = before.startMs;
  }
}

/** When each agent last began each state; what begins at a quarter of an hour is a cut. */
async function readStarts(
  limits: readonly Membership[],
  { statements, nowMs }: Pick<RowSources, 'statements'> & { readonly nowMs: number },
): Promise<Map<string, number>> {
  const fact = 'agent_metrics.slice';
  const isCut = bin(column('time'), SLICE_CUT_MS);
  const rows = await statements.read({
    columns: [
      { expr: column('agent_id'), as: 'g0' },
      { expr: column('state'), as: 'g1' },
      { expr: call('max', column('time')), as: 'slot' },
    ],
    from: { kind: 'table', table: factDefinition(fact).table },
    where: all(
      rowsOf({ fact, where: limits }, { fromMs: nowMs - LONGEST_STATE_MS, toMs: nowMs }),
      binary('<>', column('time'), isCut),
    ),
    groupBy: [column('agent_id'), column('state')],
  });
  return new Map(
    rows.flatMap((row): [string, number][] => {
      const startMs = optionalNumber(row, 'slot');
      return startMs === undefined ? [] : [[JSON.stringify([textOf(row, 'g0'), textOf(row, 'g1')]), startMs]];
    }),
  );
}
