export * from './client/index.ts';
export { luminaContext } from './controllers/lumina-scope.ts';
export type { LuminaScope } from './controllers/lumina-scope.ts';
export { LuminaLine } from './components/line/line.ts';
export { LuminaProvider } from './components/provider/provider.ts';
export { LuminaStat } from './components/stat/stat.ts';
export { LuminaWidget } from './components/widget/widget.ts';
export type {
  LuminaErrorDetail,
  LuminaEventMap,
  LuminaReadyDetail,
  LuminaStateDetail,
} from './events/events.ts';
export { addTexts, useLanguageOf } from './i18n/localization.ts';
export { SERIES_COLOURS, TOKENS } from './theme/tokens.ts';
export type { ThemeName, TokenName } from './theme/tokens.ts';
export { resolveTheme } from './theme/theme-preference.ts';
export type { ThemePreference } from './theme/theme-preference.ts';
export { themeStyles } from './theme/theme-styles.ts';
