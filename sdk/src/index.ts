export * from './client/index.ts';
export { REGIONS } from '@lumina/contracts';
export { luminaContext } from './controllers/lumina-scope.ts';
export type { LuminaAppearance, LuminaHostContext, LuminaScope } from './controllers/lumina-scope.ts';
export { LuminaDashboard } from './components/dashboard/dashboard.ts';
export type { BoardChoices } from './components/dashboard/board-choices.ts';
export type { DashboardState } from './components/dashboard/dashboard.ts';
export { LuminaTable } from './components/table/table.ts';
export { LuminaBar } from './components/bar/bar.ts';
export { LuminaGauge } from './components/gauge/gauge.ts';
export type { TileKind } from './components/kind/tile-kind.ts';
export type { TileTable } from './components/kind/tile-table.ts';
export { LuminaLine } from './components/line/line.ts';
export { LuminaProvider } from './components/provider/provider.ts';
export { LuminaStat } from './components/stat/stat.ts';
export { LuminaWidget } from './components/widget/widget.ts';
export type {
  LuminaAlertDetail,
  LuminaErrorDetail,
  LuminaEventMap,
  LuminaExportDetail,
  LuminaNavigateDetail,
  LuminaRangeDetail,
  LuminaReadyDetail,
  LuminaResizeDetail,
  LuminaSelectDetail,
  LuminaStateDetail,
  LuminaTokenDetail,
  LuminaVariablesDetail,
} from './events/events.ts';
export { addTexts, useLanguageOf } from './i18n/localization.ts';
export type { LuminaMessages } from './i18n/localization.ts';
export { DIVERGING_COLOURS, SEQUENTIAL_COLOURS, SERIES_COLOURS } from './theme/palettes.ts';
export { DENSITIES, THEME_NAMES, TOKENS } from './theme/tokens.ts';
export type { Density, ThemeName, TokenName } from './theme/tokens.ts';
export { resolveTheme } from './theme/theme-preference.ts';
export type { ThemePreference } from './theme/theme-preference.ts';
export { themeStyles } from './theme/theme-styles.ts';
export type { CursorStore } from './client/cursor-store.ts';
export type { SeriesLabel, TileDirection, TileMetric, TileSeries, TileView } from './client/tile-view.ts';
