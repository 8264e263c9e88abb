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
  /** IANA name, where the thing has a zone of its own. */
  readonly timeZone?: string;
  /** Only of agents. */
  readonly teamId?: string;
  /** Only of agents: the queues served now. */
  readonly queueIds?: readonly string[];
  /** Gone: kept, so that its past keeps its name. */
  readonly retired?: true;
  /** Facts have named its id and nobody has given it a name yet. */
  readonly unnamed?: true;
  /** Only of agents: whose name was erased. */
  readonly erased?: true;
}

/** A territory as people know it. */
export interface Territory {
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** Where a page of the directory ends: entries are in the order of these two. */
export interface DirectoryPosition {
  readonly name: string;
  readonly id: string;
}

/** What to list. */
export interface DirectorySearch {
  /** Part of the name or the id, any case. */
  readonly text?: string;
  /** An id that `text` stands for: finds whom facts know by a pseudonym. */
  readonly textId?: string;
  /** Rows outside are left out. */
  readonly scope?: RowScope;
  /** Only what comes after. */
  readonly after?: DirectoryPosition;
  readonly limit: number;
}

/** Some entries in order, and where the next ones begin if there are any. */
export interface DirectoryPage {
  readonly items: readonly DirectoryEntry[];
  readonly next?: DirectoryPosition;
}

/** That an agent serves a queue from one instant (included) to another (excluded; null: until further notice). Epoch ms. */
export interface QueueMember {
  readonly queueId: string;
  readonly agentId: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** Names and membership of one territory's queues, agents, teams and trunks. */
export interface DirectoryStore {
  list: (tenant: Tenant, kind: DirectoryKind, search: DirectorySearch) => Promise<readonly DirectoryEntry[]>;
  page: (tenant: Tenant, kind: DirectoryKind, search: DirectorySearch) => Promise<DirectoryPage>;
  /** Names the state of a territory's directory: equal while nothing that anybody sees has changed. */
  versionOf: (tenant: Tenant) => Promise<string>;
  /** Name and reporting zone of the territory; undefined when the territory is not known. */
  territoryOf: (tenant: Tenant) => Promise<Territory | undefined>;
  /** The reporting zone alone. */
  timeZoneOf: (tenant: Tenant) => Promise<string | undefined>;
  /** Agents (current members) of some teams. */
  agentsOfTeams: (tenant: Tenant, teamIds: readonly string[]) => Promise<readonly string[]>;
  /** Agents serving some queues now. */
  agentsOfQueues: (tenant: Tenant, queueIds: readonly string[]) => Promise<readonly string[]>;
  /**
   * Who served which queue from when to when, as far back as metrics reach, by queue, agent and beginning. The very same
   * list while the directory has not changed.
   */
  queueMembers: (tenant: Tenant) => Promise<readonly QueueMember[]>;
  /** The members of one queue as far as a scope shows them; undefined when the queue is not known, or outside it. */
  membersOf: (
    tenant: Tenant,
    queueId: string,
    scope: RowScope | undefined,
  ) => Promise<readonly QueueMember[] | undefined>;
}
