import type { RowScope } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';

/** What the directory knows names for. */
export const DIRECTORY_KINDS = ['queues', 'agents', 'teams', 'trunks'] as const;
/** One kind of directory entry, as in the path `/api/directory/{kind}`. */
export type DirectoryKind = (typeof DIRECTORY_KINDS)[number];

/** One named thing of a territory. */
export interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
  readonly externalId?: string;
  /** Only of agents. */
  readonly teamId?: string;
  /** Only of agents: the queues served now. */
  readonly queueIds?: readonly string[];
  /** Gone: kept, so that its past keeps its name. */
  readonly retired?: true;
}

/** A territory as people know it. */
export interface Territory {
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** What to list. */
export interface DirectorySearch {
  /** Part of the name or the id, any case. */
  readonly text?: string;
  /** Rows outside are left out. */
  readonly scope?: RowScope;
  readonly limit: number;
}

/** Names and membership of one territory's queues, agents, teams and trunks. */
export interface DirectoryStore {
  list: (tenant: Tenant, kind: DirectoryKind, search: DirectorySearch) => Promise<readonly DirectoryEntry[]>;
  /** Name and reporting zone of the territory; undefined when the territory is not known. */
  territoryOf: (tenant: Tenant) => Promise<Territory | undefined>;
  /** The reporting zone alone. */
  timeZoneOf: (tenant: Tenant) => Promise<string | undefined>;
  /** Agents (current members) of some teams. */
  agentsOfTeams: (tenant: Tenant, teamIds: readonly string[]) => Promise<readonly string[]>;
  /** Agents serving some queues now. */
  agentsOfQueues: (tenant: Tenant, queueIds: readonly string[]) => Promise<readonly string[]>;
}
