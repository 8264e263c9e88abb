import type { DashboardAccess, DashboardGrant, DashboardReader, GrantLevel, Visibility } from './dashboard-access.ts';

/** A dashboard's row in a list, as far as the reader is concerned. */
export interface DashboardSummary {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Subject of the owner. */
  readonly owner: string;
  /** Path of names, `/` between them; empty at the top. */
  readonly folder: string;
  readonly visibility: Visibility;
  /** Whether it is offered to start new dashboards from. */
  readonly isTemplate: boolean;
  /** What the reader may do with it. */
  readonly access: DashboardAccess;
  readonly deletedAt?: string;
}

/** A stored dashboard; `body` is dashboard JSON of contracts (any schemaVersion, upgraded on reading). */
export interface StoredDashboard extends DashboardSummary {
  readonly body: unknown;
}

/** One version in the history of a dashboard. */
export interface DashboardVersion {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** What was refused because somebody had saved in the meantime, kept for its author. */
export interface DashboardDraftSummary {
  readonly draft: string;
  readonly title: string;
  /** The version that the author had changed. */
  readonly baseVersion: number;
  readonly createdAt: string;
}

/** A kept draft with its body. */
export interface StoredDraft extends DashboardDraftSummary {
  readonly body: unknown;
}

/** Versions of a dashboard, newest first, and the reader's own refused drafts. */
export interface DashboardHistory {
  readonly items: readonly DashboardVersion[];
  readonly drafts: readonly DashboardDraftSummary[];
}

/** What a writer gives. */
export interface DashboardContent {
  readonly title: string;
  readonly body: unknown;
}

/** Where a new dashboard goes. */
export interface DashboardPlace {
  readonly folder?: string;
  readonly visibility?: Visibility;
}

/** Who owns, sees and may change a dashboard, and where it is filed. */
export interface DashboardSettings {
  readonly owner: string;
  readonly folder: string;
  readonly visibility: Visibility;
  readonly everyoneMay: GrantLevel;
  readonly grants: readonly DashboardGrant[];
  readonly isTemplate: boolean;
}

/** What to list; absent filters nothing. */
export interface DashboardSearch {
  readonly folder?: string;
  /** Part of the title, any case. */
  readonly text?: string;
  readonly isMine?: boolean;
  readonly isTemplate?: boolean;
  /** Deleted ones that can still be restored, instead of the others. */
  readonly isDeleted?: boolean;
  readonly limit: number;
  /** The last dashboard of the page before. */
  readonly after?: { readonly title: string; readonly id: string };
}

/** Why nothing was done: there is none to see, or it may be seen but not that. */
export type Refused = { readonly kind: 'missing' } | { readonly kind: 'forbidden' };

/** The outcome of a change. */
export type Outcome<T> = { readonly kind: 'done'; readonly value: T } | Refused;

/** The outcome of a guarded write: `stale` when the version was not the expected one; what was refused is a draft now. */
export type GuardedWrite =
  Outcome<StoredDashboard> | { readonly kind: 'stale'; readonly current: StoredDashboard; readonly draft?: string };

/**
 * Dashboards of one territory, their former versions and who may do what with them. Each method answers only what the
 * reader may see, and changes only what the reader may change.
 */
export interface DashboardStore {
  list: (reader: DashboardReader, search: DashboardSearch) => Promise<readonly DashboardSummary[]>;
  find: (reader: DashboardReader, id: string) => Promise<StoredDashboard | undefined>;
  create: (reader: DashboardReader, content: DashboardContent, place?: DashboardPlace) => Promise<StoredDashboard>;
  /** A dashboard of the reader's own with the content of one that the reader sees. */
  copy: (
    reader: DashboardReader,
    id: string,
    place?: DashboardPlace & { readonly title?: string },
  ) => Promise<Outcome<StoredDashboard>>;
  /** Replaces the dashboard if its version is still `expectedVersion`. */
  replace: (
    reader: DashboardReader,
    id: string,
    expectedVersion: number,
    content: DashboardContent,
  ) => Promise<GuardedWrite>;
  /** Deletes it, if its version is still the expected one where one is; {@link DashboardStore.restore} takes it back. */
  remove: (reader: DashboardReader, id: string, expectedVersion?: number) => Promise<GuardedWrite>;
  /** Takes a deletion back. */
  restore: (reader: DashboardReader, id: string) => Promise<Outcome<StoredDashboard>>;
  history: (reader: DashboardReader, id: string) => Promise<DashboardHistory | undefined>;
  version: (
    reader: DashboardReader,
    id: string,
    version: number,
  ) => Promise<(DashboardVersion & { readonly body: unknown }) | undefined>;
  /** Saves a former version anew. */
  restoreVersion: (
    reader: DashboardReader,
    id: string,
    version: number,
    expectedVersion: number,
  ) => Promise<GuardedWrite>;
  /** The reader's own draft. */
  draft: (reader: DashboardReader, id: string, draft: string) => Promise<StoredDraft | undefined>;
  removeDraft: (reader: DashboardReader, id: string, draft: string) => Promise<boolean>;
  /** Who may what; only for who may change that. */
  settings: (reader: DashboardReader, id: string) => Promise<Outcome<DashboardSettings>>;
  changeSettings: (
    reader: DashboardReader,
    id: string,
    changes: Partial<DashboardSettings>,
  ) => Promise<Outcome<DashboardSettings>>;
}
