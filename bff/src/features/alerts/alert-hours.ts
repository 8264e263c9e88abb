import { isOpenAt } from '@lumina/contracts';
import type { AlertHours, TerritorySettings } from '@lumina/contracts';

/** Where the settings of a territory are found. */
export interface SettingsOfTerritory {
  current: (tenant: { readonly territoryId: number }) => Promise<TerritorySettings>;
}

/** Whether a rule decides at an instant (epoch ms), by its hours. */
export async function decidesAt(
  hours: AlertHours,
  territoryId: number,
  nowMs: number,
  settings: SettingsOfTerritory,
): Promise<boolean> {
  if (hours === 'always') return true;
  const territory = await settings.current({ territoryId });
  if (hours === 'opening') return isOpenAt(territory, nowMs);
  const { openingHours, timeZone = territory.timeZone } = hours;
  return isOpenAt({ openingHours, timeZone, holidays: [] }, nowMs);
}
