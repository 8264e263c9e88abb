import { DASHBOARD_COLUMNS, VARIABLE_KINDS, WIDGET_KINDS, upgradeDashboard } from '@lumina/contracts';
import type { Dashboard, DashboardVariable, MetricQuery, QueryRange, Widget } from '@lumina/contracts';
import { LuminaError } from './lumina-error.ts';

/** A dashboard's row in a list. */
export interface DashboardSummary {
  readonly id: string;
  readonly title: string;
  /** Rises with every save. */
  readonly version: number;
  /** ISO instant; empty when the service does not say. */
  readonly updatedAt: string;
  /** Id of the user who saved it last. */
  readonly updatedBy: string;
}

/** A stored dashboard, its body brought to the version this release knows. */
export interface StoredDashboard extends DashboardSummary {
  readonly body: Dashboard;
}

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function unreadable(message: string, cause?: unknown): LuminaError {
  return new LuminaError({
    code: 'INTERNAL',
    retryable: false,
    message,
    suggestion: 'Update this page to the newest release, or save the dashboard again.',
    problem: 'dashboard_unreadable',
    ...(cause === undefined ? {} : { cause }),
  });
}

function summaryOf(json: Json): DashboardSummary | undefined {
  const id = textOf(json['id']);
  if (id === '') return undefined;
  const title = textOf(json['title']);
  return {
    id,
    title: title === '' ? id : title,
    version: typeof json['version'] === 'number' ? json['version'] : 0,
    updatedAt: textOf(json['updatedAt']),
    updatedBy: textOf(json['updatedBy']),
  };
}

/** Reads the reply of `/api/dashboards`; entries without an id are left out. */
export function parseDashboards(reply: unknown): readonly DashboardSummary[] {
  const items = isJson(reply) && Array.isArray(reply['items']) ? (reply['items'] as readonly unknown[]) : [];
  return items.flatMap((item) => (isJson(item) ? (summaryOf(item) ?? []) : []));
}

/**
 * Reads the reply of `/api/dashboards/{id}`. Widgets that this release cannot show are left out, so that one of them
 * does not take the board away.
 * @throws {LuminaError} INTERNAL when the reply is no dashboard, or one of a newer release.
 */
export function parseDashboard(reply: unknown): StoredDashboard {
  const summary = isJson(reply) ? summaryOf(reply) : undefined;
  if (!isJson(reply) || summary === undefined)
    throw unreadable('The service answered something else than a dashboard.');
  return { ...summary, body: bodyOf(reply['body'], summary.title) };
}

function bodyOf(json: unknown, title: string): Dashboard {
  let body: Dashboard;
  try {
    body = upgradeDashboard({ title, ...(isJson(json) ? json : {}) });
  } catch (error) {
    throw unreadable('The dashboard was saved by a newer release.', error);
  }
  const widgets: readonly unknown[] = Array.isArray(body.widgets) ? body.widgets : [];
  const { timeZone, description } = body as Json;
  const range = rangeOf((body as Json)['range']);
  return {
    schemaVersion: body.schemaVersion,
    title: textOf(body.title) === '' ? title : body.title,
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof timeZone === 'string' && timeZone !== '' ? { timeZone } : {}),
    ...(range === undefined ? {} : { range }),
    ...variablesOf((body as Json)['variables']),
    widgets: widgets.flatMap((widget) => widgetOf(widget) ?? []),
  };
}

function rangeOf(json: unknown): QueryRange | undefined {
  if (!isJson(json)) return undefined;
  const isRange = ['last', 'calendar', 'from'].some((key) => typeof json[key] === 'string');
  return isRange ? (json as unknown as QueryRange) : undefined;
}

/** Variables that this release cannot offer are left out; what names them then stands for itself. */
function variablesOf(json: unknown): { readonly variables?: DashboardVariable[] } {
  if (!Array.isArray(json)) return {};
  const variables = (json as readonly unknown[]).flatMap((one): DashboardVariable[] => {
    const { name, kind, label, multiple, default: initial } = isJson(one) ? one : {};
    const known = VARIABLE_KINDS.find((candidate) => candidate === kind);
    if (typeof name !== 'string' || name === '' || known === undefined) return [];
    const values = Array.isArray(initial) ? initial.filter((id): id is string => typeof id === 'string') : [];
    return [
      {
        name,
        kind: known,
        ...(typeof label === 'string' && label !== '' ? { label } : {}),
        ...(multiple === true ? { multiple } : {}),
        ...(values.length === 0 ? {} : { default: values }),
      },
    ];
  });
  return variables.length === 0 ? {} : { variables };
}

function widgetOf(json: unknown): Widget | undefined {
  if (!isJson(json)) return undefined;
  const kind = WIDGET_KINDS.find((one) => one === json['kind']);
  const id = textOf(json['id']);
  const query = queryOf(json['query']);
  if (kind === undefined || id === '' || query === undefined) return undefined;
  const x = cells(json['x'], 0, DASHBOARD_COLUMNS - 1, 0);
  const title = textOf(json['title']);
  return {
    id,
    kind,
    ...(title === '' ? {} : { title }),
    query,
    x,
    y: cells(json['y'], 0, 1000, 0),
    w: cells(json['w'], 1, DASHBOARD_COLUMNS - x, Math.min(4, DASHBOARD_COLUMNS - x)),
    h: cells(json['h'], 1, 100, 3),
    ...(isJson(json['options']) ? { options: json['options'] } : {}),
  };
}

function queryOf(json: unknown): MetricQuery | undefined {
  if (!isJson(json) || !Array.isArray(json['metrics'])) return undefined;
  const metrics = json['metrics'].filter((metric): metric is string => typeof metric === 'string' && metric !== '');
  if (metrics.length === 0) return undefined;
  const ref = textOf(json['ref']);
  return { ...(json as unknown as MetricQuery), ref: ref === '' ? 'A' : ref, metrics };
}

function cells(value: unknown, least: number, most: number, usual: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return usual;
  return Math.min(Math.max(Math.round(value), least), most);
}
