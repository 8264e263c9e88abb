import { defaultSettings } from '@lumina/contracts';
import type { TerritorySettings } from '@lumina/contracts';
import type { Territory } from './plan/scope.ts';
import type { DefinitionSettings } from './plan/settings-rules.ts';

const FALLBACK_ZONE = 'UTC';

/** Where the zones of territories are found. */
export interface ZoneDirectory {
  /** The reporting zone of a territory; undefined when the territory is not known. */
  timeZoneOf: (tenant: Territory) => Promise<string | undefined>;
}

/** Settings of a territory, as far as metrics need them. */
export interface MetricSettings extends DefinitionSettings {
  readonly body: TerritorySettings;
}

/** The settings in force. */
export interface MetricSettingsSource {
  versioned: (tenant: Territory) => Promise<MetricSettings>;
}

/** When something is answered, and by what settings. */
export interface Moment {
  readonly nowMs: number;
  readonly settings: MetricSettings;
}

/** Settings of territories that have chosen none: in their own zone, by the product's definitions. */
export function settingsNobodyChose(directory: ZoneDirectory): MetricSettingsSource {
  return {
    versioned: async (tenant) => ({
      definitionsVersion: 0,
      body: defaultSettings((await directory.timeZoneOf(tenant)) ?? FALLBACK_ZONE),
    }),
  };
}
