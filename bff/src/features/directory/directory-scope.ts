import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { RowScope } from '@lumina/contracts';
import type { DirectoryKind } from './directory-store.ts';

/** A condition on the table that a query calls `entry`. */
export type Condition = RawBuilder<boolean>;

/** Whether a column has one of some values. */
export function among(column: string, ids: readonly string[]): Condition {
  return sql<boolean>`${sql.ref(column)} = any(${[...ids]}::text[])`;
}

/** Whether a membership, called `m`, holds now. */
export const HOLDS_NOW = sql<boolean>`m.valid_from <= now() and (m.valid_to is null or m.valid_to > now())`;

/** The keys of a scope are independent and all hold: who is limited to a queue sees the agents who serve it. */
export function agentConditions(scope: RowScope): Condition[] {
  const conditions: Condition[] = [];
  if (scope.agents !== undefined) conditions.push(among('entry.id', scope.agents));
  if (scope.teams !== undefined) conditions.push(among('entry.team_id', scope.teams));
  if (scope.queues !== undefined) {
    conditions.push(sql<boolean>`exists (select 1 from queue_members m
      where m.territory_id = entry.territory_id and m.agent_id = entry.id and ${HOLDS_NOW}
        and ${among('m.queue_id', scope.queues)})`);
  }
  return conditions;
}

/** What a scope leaves of a kind. */
export function scopeConditions(kind: DirectoryKind, scope: RowScope): Condition[] {
  const isLimited = scope.queues !== undefined || scope.teams !== undefined || scope.agents !== undefined;
  switch (kind) {
    case 'queues':
      return scope.queues === undefined ? [] : [among('entry.id', scope.queues)];
    case 'teams':
      return scope.teams === undefined ? [] : [among('entry.id', scope.teams)];
    case 'agents':
      return agentConditions(scope);
    case 'trunks':
      // Trunk figures are out of scope for a limited identity, and so are their names.
      return isLimited ? [sql<boolean>`false`] : [];
  }
}

/** Queues that an entry of an agent may name: an agent in sight may serve queues that are not. */
export function queueCondition(scope: RowScope | undefined): Condition {
  return scope?.queues === undefined ? sql<boolean>`true` : among('m.queue_id', scope.queues);
}

/** A text that is part of a name or an id, any case, or stands for an id. */
export function textCondition(text: string, id: string | undefined): Condition {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const asId = id === undefined ? sql<boolean>`false` : sql<boolean>`(entry.id = ${id} or entry.external_id = ${id})`;
  return sql<boolean>`(entry.name ilike ${pattern} or entry.id ilike ${pattern} or ${asId})`;
}
