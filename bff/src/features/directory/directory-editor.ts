import type { AuditActor } from '../audit/audit-trail.ts';
import type { DirectoryKind } from './directory-store.ts';

/** What a bulk statement says of one entry; what it does not say stays as it is. Ids as facts have them. */
export interface DirectoryItem {
  readonly id: string;
  readonly name?: string;
  readonly externalId?: string | null;
  readonly timeZone?: string | null;
  readonly retired?: boolean;
  /** Of agents. */
  readonly teamId?: string | null;
  /** Of agents: all the queues served from now on. */
  readonly queueIds?: readonly string[];
}

/**
 * What became of an item. `superseded`: a newer statement is known, which stays. `retired`: not named by a list that
 * replaces everything.
 */
export type ItemOutcome = 'created' | 'updated' | 'unchanged' | 'superseded' | 'retired';

/** The outcome of one entry. */
export interface EntryOutcome {
  readonly id: string;
  readonly outcome: ItemOutcome;
}

/** How a bulk statement is meant. */
export interface BulkOptions {
  /** `replace`: entries that it does not name are gone. */
  readonly mode: 'merge' | 'replace';
  /** Nothing is kept; the outcomes are what they would be. */
  readonly isDryRun: boolean;
  /** When it was said; of two statements about an entry the later one holds. */
  readonly at: Date;
}

/** That an agent serves a queue for a while. */
export interface MemberInterval {
  readonly agentId: string;
  readonly from: Date;
  readonly to: Date | null;
}

/** Changes the directory of the actor's territory; every change is audited with it. */
export interface DirectoryEditor {
  /** All or nothing. @returns outcomes by item, then those of entries that were not named; undefined: no such territory. */
  put: (
    actor: AuditActor,
    kind: DirectoryKind,
    items: readonly DirectoryItem[],
    options: BulkOptions,
  ) => Promise<readonly EntryOutcome[] | undefined>;
  /**
   * Says from when to when agents serve a queue. Of each agent that is named, the intervals hold from the earliest of them
   * on; what was before stays. @returns false when the queue is not known.
   */
  putMembers: (
    actor: AuditActor,
    queueId: string,
    members: readonly MemberInterval[],
    options: Pick<BulkOptions, 'mode' | 'at'>,
  ) => Promise<boolean>;
  /** Forgets who an agent is; the id stays, and what it was a member of. @returns false when there is no such agent. */
  erasePerson: (actor: AuditActor, agentId: string, at: Date) => Promise<boolean>;
}

/** Something that facts have named. */
export interface MetThing {
  readonly kind: DirectoryKind;
  readonly id: string;
  /** Of agents, where the fact says so. */
  readonly teamId?: string;
}

/** Takes into a territory's directory what facts have named. */
export interface DirectoryRegister {
  /** Entries that are known stay as they are. */
  register: (territoryId: number, things: readonly MetThing[]) => Promise<void>;
}
