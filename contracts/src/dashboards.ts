import type { Dashboard } from './schemas/index.ts';

/** Version of the dashboard JSON this code writes. */
export const DASHBOARD_SCHEMA_VERSION = 1;
/** Columns of the board's grid. */
export const DASHBOARD_COLUMNS = 12;
/** Kinds of widgets a dashboard may hold. */
export const WIDGET_KINDS = ['stat', 'line', 'bar', 'gauge', 'table'] as const;
/** Kind of one widget. */
export type WidgetKind = (typeof WIDGET_KINDS)[number];

/** What a value that reaches a threshold means. */
export const TONES = ['good', 'warning', 'critical', 'info'] as const;
/** What a value that reaches a threshold means. */
export type Tone = (typeof TONES)[number];
/** Which way the bars of a widget run. */
export const ORIENTATIONS = ['auto', 'horizontal', 'vertical'] as const;

export type {
  Dashboard,
  DashboardVariable,
  Threshold,
  Widget,
  WidgetOptions,
  WidgetTemplateBody,
} from './schemas/index.ts';

/** Raised for dashboard JSON that no upgrader leads to the current version. */
export class DashboardVersionError extends Error {
  readonly code = 'dashboard_version_unknown';
  constructor(version: unknown) {
    super(
      `Dashboard schemaVersion ${JSON.stringify(version)} is not known; ` +
        `this release reads versions up to ${String(DASHBOARD_SCHEMA_VERSION)}.`,
    );
    this.name = 'DashboardVersionError';
  }
}

/** Turns JSON of version n into JSON of version n + 1; keyed by n. */
export type DashboardUpgraders = Readonly<
  Record<number, (json: Readonly<Record<string, unknown>>) => Record<string, unknown>>
>;

/** Upgraders of released versions. Version 0 is JSON from before versions were written: widgets without `schemaVersion`. */
const UPGRADERS: DashboardUpgraders = {
  0: (json) => ({ ...json, schemaVersion: 1 }),
};

/**
 * Brings stored dashboard JSON to the current version, one upgrader after the other. The result still has to pass
 * `DashboardSchema`.
 * @throws {DashboardVersionError} for a version newer than this release, or not a whole number.
 */
export function upgradeDashboard(json: Readonly<Record<string, unknown>>): Dashboard {
  let current: Record<string, unknown> = { ...json };
  let version: unknown = current.schemaVersion ?? 0;
  while (version !== DASHBOARD_SCHEMA_VERSION) {
    const upgrade = typeof version === 'number' ? UPGRADERS[version] : undefined;
    if (upgrade === undefined) throw new DashboardVersionError(version);
    current = upgrade(current);
    version = current.schemaVersion;
  }
  return current as unknown as Dashboard;
}
