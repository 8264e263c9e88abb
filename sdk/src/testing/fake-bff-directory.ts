import type { RowScope } from '@lumina/contracts';

/** One entry of the fake directory. */
export interface FakeEntry {
  readonly id: string;
  readonly name: string;
}

/** Directory of the fake territory, by kind. */
export type FakeDirectory = Readonly<Record<'queues' | 'agents' | 'teams' | 'trunks', readonly FakeEntry[]>>;

/** Directory entries of the fake territory. */
export const FAKE_DIRECTORY = {
  queues: [
    { id: 'q_sales', name: 'Sales' },
    { id: 'q_support', name: 'Customer support' },
    { id: 'q_billing', name: 'Billing and payments' },
    { id: 'q_vip', name: 'Priority customers, all of Europe, day team' },
  ],
  agents: [
    { id: 'ag_1001', name: 'Amara Okafor' },
    { id: 'ag_1002', name: 'Jonas Weber' },
    { id: 'ag_1003', name: 'Priya Raman' },
    { id: 'ag_1004', name: 'Tomasz Zieliński' },
    { id: 'ag_1005', name: 'Isla MacDonald' },
    { id: 'ag_1006', name: 'Chen Wei' },
  ],
  teams: [
    { id: 't_uk_a', name: 'London A' },
    { id: 't_uk_b', name: 'London B' },
    { id: 't_uk_n', name: 'Leeds' },
  ],
  trunks: [
    { id: 'tr_1', name: 'Carrier one' },
    { id: 'tr_2', name: 'Carrier two' },
  ],
} as const satisfies FakeDirectory;

/** What a user of a scope is told of. */
export function withinScope(directory: FakeDirectory, scope: RowScope = {}): FakeDirectory {
  const limited = (kind: 'queues' | 'teams' | 'agents'): readonly FakeEntry[] => {
    const ids = scope[kind];
    return ids === undefined ? directory[kind] : directory[kind].filter(({ id }) => ids.includes(id));
  };
  return { ...directory, queues: limited('queues'), teams: limited('teams'), agents: limited('agents') };
}

/** Many entries for tests of long legends, tables and colours, e.g. `fakeEntries('queue', 40)`. */
export function fakeEntries(name: string, count: number): readonly FakeEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return { id: `${name}_${number}`, name: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${number}` };
  });
}

/** Values of the dimensions that no directory resolves. */
const CLOSED_SETS: Readonly<Record<string, readonly string[]>> = {
  direction: ['inbound', 'outbound', 'internal'],
  outcome: ['answered', 'abandoned', 'no_answer', 'busy', 'failed'],
  state: ['available', 'on_contact', 'acw', 'away'],
  service: ['gateway', 'routing', 'reporting'],
  route: ['GET /calls', 'POST /calls', 'GET /agents', 'GET /reports'],
  flow: ['welcome', 'opening_hours', 'callback'],
  source: ['freeswitch', 'platform'],
  worker: ['w_1'],
};
const KINDS: Readonly<Record<string, keyof FakeDirectory>> = {
  queue_id: 'queues',
  agent_id: 'agents',
  team_id: 'teams',
  trunk_id: 'trunks',
};

/** All values of a dimension. */
export function fakeValuesOf(directory: FakeDirectory, dimension: string): readonly string[] {
  const kind = KINDS[dimension];
  return kind === undefined ? (CLOSED_SETS[dimension] ?? []) : directory[kind].map(({ id }) => id);
}

/** Who is signed in at the fake. */
export const FAKE_SESSION = {
  user: { id: 'user_1' },
  territory: { id: 101, name: 'Albion Telecom', timeZone: 'Europe/London' },
  region: { id: 1, code: 'UK', name: 'United Kingdom' },
  roles: ['viewer'],
  permissions: ['metrics:read', 'dashboards:read', 'directory:read'],
  scope: null,
  streamUrl: '/api/live',
  minClient: '0.1.0',
} as const;
