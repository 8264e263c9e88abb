export { admitAddress } from './admit-address.ts';
export { settingsRoutes } from './settings.ts';
export type { SettingsRouteOptions } from './settings.ts';
export { createSettingsSource } from './settings-source.ts';
export type { SettingsFeed, SettingsNews, SettingsSource } from './settings-source.ts';
export { SETTINGS_SUBJECT } from './settings-store.ts';
export type { SettingsStore, StoredSettings } from './settings-store.ts';
export { createSqlSettingsStore } from './sql-settings-store.ts';
