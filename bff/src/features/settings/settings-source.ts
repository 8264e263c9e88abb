import { defaultSettings } from '@lumina/contracts';
import type { TerritorySettings } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { SettingsStore, StoredSettings } from './settings-store.ts';

/** Two seconds is what a change may take to be seen everywhere; a live board looks once a second. */
const REMEMBERED_MS = 1_000;
const MAX_TERRITORIES = 2_000;
const UNKNOWN: StoredSettings = {
  version: 0,
  definitionsVersion: 0,
  body: defaultSettings('UTC'),
  updatedAt: null,
  updatedBy: null,
};

/** A change of settings, as this process came to know it. */
export interface SettingsNews {
  readonly territoryId: number;
  readonly before: TerritorySettings;
  readonly settings: TerritorySettings;
}

/** The settings in force, for whoever computes or judges by them. A moment old at most. */
export interface SettingsSource {
  current: (tenant: Tenant) => Promise<TerritorySettings>;
  /** The same, with the versions that reports name. */
  versioned: (tenant: Tenant) => Promise<StoredSettings>;
  /** What was last known here, without asking; the defaults where nothing is. */
  known: (tenant: Tenant) => TerritorySettings;
}

/** A source that is told of changes made by its own process, and tells of all it comes to know. */
export interface SettingsFeed extends SettingsSource {
  /** These are in force from now on. */
  take: (tenant: Tenant, settings: StoredSettings) => void;
  /** They may have changed elsewhere; where somebody cares for them, they are read again at once. */
  refresh: (tenant: Tenant) => void;
  /** Called once per change, in the order in which changes are seen. */
  onChange: (listener: (news: SettingsNews) => void) => void;
}

interface Entry {
  settings: StoredSettings | undefined;
  asking: Promise<StoredSettings> | undefined;
  untilMs: number;
}

/**
 * Remembers settings for a second and notices when they have changed, here or in another process. While the store does
 * not answer, what was last known stays in force: a list of networks that vanished with the database would let everyone in.
 */
export function createSettingsSource(store: Pick<SettingsStore, 'find'>, clock: () => number = Date.now): SettingsFeed {
  const entries = new Map<number, Entry>();
  const listeners: ((news: SettingsNews) => void)[] = [];

  function entryOf(territoryId: number): Entry {
    const known = entries.get(territoryId);
    if (known !== undefined) return known;
    // The oldest goes first; a map keeps the order in which keys came.
    const [oldest] = entries.size >= MAX_TERRITORIES ? entries.keys() : [];
    if (oldest !== undefined) entries.delete(oldest);
    const entry: Entry = { settings: undefined, asking: undefined, untilMs: 0 };
    entries.set(territoryId, entry);
    return entry;
  }

  function take({ territoryId }: Tenant, settings: StoredSettings): StoredSettings {
    const entry = entryOf(territoryId);
    const before = entry.settings;
    entry.untilMs = clock() + REMEMBERED_MS;
    // An answer that was under way while somebody wrote is older than what is known.
    if (before !== undefined && before.version > settings.version) return before;
    entry.settings = settings;
    if (before !== undefined && before.version < settings.version)
      for (const tell of listeners) tell({ territoryId, before: before.body, settings: settings.body });
    return settings;
  }

  async function ask(tenant: Tenant, entry: Entry): Promise<StoredSettings> {
    try {
      return take(tenant, (await store.find(tenant)) ?? UNKNOWN);
    } catch (error) {
      if (entry.settings === undefined) throw error;
      entry.untilMs = clock() + REMEMBERED_MS;
      return entry.settings;
    } finally {
      entry.asking = undefined;
    }
  }

  function versioned(tenant: Tenant): Promise<StoredSettings> {
    const entry = entryOf(tenant.territoryId);
    if (entry.settings !== undefined && clock() < entry.untilMs) return Promise.resolve(entry.settings);
    entry.asking ??= ask(tenant, entry);
    return entry.asking;
  }

  return {
    versioned,
    current: async (tenant) => (await versioned(tenant)).body,
    known: ({ territoryId }) => entries.get(territoryId)?.settings?.body ?? UNKNOWN.body,
    take: (tenant, settings) => {
      take(tenant, settings);
    },
    refresh: (tenant) => {
      const entry = entries.get(tenant.territoryId);
      if (entry?.settings === undefined) return;
      // A reading under way may have begun before the change; with settings known it never fails.
      void (entry.asking ?? Promise.resolve()).then(() => {
        entry.untilMs = 0;
        return versioned(tenant);
      });
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
