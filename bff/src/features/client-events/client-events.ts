import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { ClientReportSchema } from '@lumina/contracts/schemas';
import type { ClientReport } from '@lumina/contracts';
import { defineRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { PlatformEvents } from './platform-events.ts';

/** What pages report, counted for operators. */
export interface ClientReports {
  count: (report: ClientReport) => void;
}

/** What the route of reports needs. */
export interface ClientEventsOptions {
  readonly reports: ClientReports;
  /** Absent: reports are only counted. */
  readonly events?: PlatformEvents;
  readonly onFailure: (error: unknown) => void;
}

/** Versions are told apart up to so many: a label per whim of a caller would fill the memory of whoever collects them. */
const MOST_VERSIONS = 30;
const RENDER_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
const MS_PER_SECOND = 1_000;

/** Counts reports under a registry. */
export function createClientReports(registry: Registry): ClientReports {
  const registers = [registry];
  const reports = new Counter({
    name: 'lumina_client_reports_total',
    help: 'Reports of pages by the version of their client.',
    labelNames: ['sdk_version'],
    registers,
  });
  const views = new Counter({ name: 'lumina_client_dashboards_viewed_total', help: 'Dashboards shown.', registers });
  const errors = new Counter({
    name: 'lumina_client_widget_errors_total',
    help: 'Errors that widgets showed.',
    labelNames: ['code', 'kind'],
    registers,
  });
  const renders = new Histogram({
    name: 'lumina_client_render_seconds',
    help: 'From the moment a board was asked for until it was drawn.',
    buckets: RENDER_SECONDS,
    registers,
  });
  const versions = new Set<string>();
  return {
    count: ({ sdkVersion, events }) => {
      if (versions.size < MOST_VERSIONS) versions.add(sdkVersion);
      reports.inc({ sdk_version: versions.has(sdkVersion) ? sdkVersion : 'other' });
      for (const event of events) {
        if (event.type === 'dashboard_viewed') views.inc();
        else if (event.type === 'widget_error') errors.inc({ code: event.code, kind: event.kind });
        else renders.observe(event.ms / MS_PER_SECOND);
      }
    },
  };
}

/** `POST /api/client-events`: what pages tell of themselves, from whoever is signed in; nothing in it is content. */
export function clientEventRoutes({ reports, events, onFailure }: ClientEventsOptions): readonly Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/client-events',
      summary: 'Report what a page does: boards viewed, errors of widgets, render times. No content, no names',
      body: ClientReportSchema,
      success: { status: 204, description: 'It was taken' },
      handle: ({ body, response }) => {
        reports.count(body);
        // A page never waits for the stream, and never hears of its troubles.
        events?.send(body.events.map(({ type }) => type)).catch(onFailure);
        response.status(204).end();
      },
    }),
  ];
}
