import { BEAT_SERIES, MISSING, PLATFORM_TERRITORY_ID } from '@lumina/contracts';
import type { Fact } from '@lumina/contracts';
import type { TailBatch, TailFollower } from '../../live-tail/live-tail.ts';
import type { DirectoryRegister, MetThing } from './directory-editor.ts';
import { isPersonal } from './directory-items.ts';
import type { DirectoryKind } from './directory-store.ts';

/** What registering needs. */
export interface DirectoryRegistrarOptions {
  readonly register: DirectoryRegister;
  /** A registration that failed; the next fact of the same thing brings it again. */
  readonly onFailure: (error: unknown) => void;
}

const KIND_OF_COLUMN: Readonly<Record<string, DirectoryKind>> = {
  queue_id: 'queues',
  agent_id: 'agents',
  team_id: 'teams',
  trunk_id: 'trunks',
};
/** Things of one territory that are known to be known; beyond it they are asked for again. */
const MOST_REMEMBERED = 50_000;
const LONGEST_ID = 200;

/** What a fact names. */
function* thingsOf({ dimensions, measures }: Fact): Generator<MetThing> {
  const valueOf = (column: string): string | undefined => {
    const value = dimensions[column] ?? measures[column];
    const isId = typeof value === 'string' && value !== '' && value !== MISSING && value !== BEAT_SERIES;
    return isId && value.length <= LONGEST_ID && !isPersonal(value) ? value : undefined;
  };
  for (const [column, kind] of Object.entries(KIND_OF_COLUMN)) {
    const id = valueOf(column);
    const teamId = kind === 'agents' ? valueOf('team_id') : undefined;
    if (id !== undefined) yield { kind, id, ...(teamId === undefined ? {} : { teamId }) };
  }
}

/**
 * Takes into the directory what facts name and nobody has named: queues, agents, teams and trunks, each once. Names are
 * worth having but never worth holding up the live tail: what cannot be registered now is when it is met again.
 */
export function createDirectoryRegistrar({ register, onFailure }: DirectoryRegistrarOptions): TailFollower {
  const remembered = new Map<number, Set<string>>();

  async function registerNew(territoryId: number, facts: readonly Fact[]): Promise<void> {
    let known = remembered.get(territoryId) ?? new Set<string>();
    const met = new Map<string, MetThing>();
    for (const thing of facts.flatMap((fact) => [...thingsOf(fact)])) {
      const key = `${thing.kind} ${thing.id}`;
      if (!known.has(key)) met.set(key, met.get(key)?.teamId === undefined ? thing : (met.get(key) ?? thing));
    }
    if (met.size === 0) return;
    await register.register(territoryId, [...met.values()]);
    if (known.size + met.size > MOST_REMEMBERED) known = new Set();
    for (const key of met.keys()) known.add(key);
    remembered.set(territoryId, known);
  }

  return {
    take: async ({ records }: Pick<TailBatch, 'records'>) => {
      const facts = records
        .flatMap((record) => record.facts)
        .filter((fact) => fact.territoryId !== PLATFORM_TERRITORY_ID);
      for (const [territoryId, own] of Map.groupBy(facts, (fact) => fact.territoryId)) {
        try {
          await registerNew(territoryId, own);
        } catch (error) {
          onFailure(error);
        }
      }
    },
  };
}
