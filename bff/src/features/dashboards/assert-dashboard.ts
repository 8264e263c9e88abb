import { DASHBOARD_COLUMNS, ROLES, variableFaults } from '@lumina/contracts';
import type { Dashboard } from '@lumina/contracts';
import { HttpProblem } from '../../http/problem.ts';
import { isTimeZone } from '../metrics/index.ts';
import type { DashboardGrant } from './dashboard-access.ts';

function refuse(detail: string): never {
  throw new HttpProblem('invalid_request', detail);
}

/**
 * Refuses what a schema cannot see: two widgets of one id, one that stands out of the grid, a zone that does not exist,
 * a filter that names a variable there is none of.
 */
export function assertDashboard(dashboard: Dashboard): void {
  const { timeZone, widgets } = dashboard;
  const ids = new Set<string>();
  for (const [index, { id, x, w, options }] of widgets.entries()) {
    const place = `body/widgets/${String(index)}`;
    if (ids.has(id)) refuse(`${place}/id is the id of another widget; each needs its own.`);
    ids.add(id);
    if (x + w > DASHBOARD_COLUMNS) {
      refuse(`${place} ends beyond column ${String(DASHBOARD_COLUMNS)}; make x + w at most that.`);
    }
    if (options?.timeZone !== undefined && !isTimeZone(options.timeZone)) {
      refuse(`${place}/options/timeZone is not an IANA time zone; write for example Europe/London.`);
    }
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    refuse('body/timeZone is not an IANA time zone; write for example Europe/London.');
  }
  const [fault] = variableFaults(dashboard);
  if (fault !== undefined) refuse(`body/${fault.place} ${fault.message}`);
}

/** Refuses a role that does not exist, and two grants to one. */
export function assertGrants(grants: readonly DashboardGrant[]): void {
  const grantees = new Set<string>();
  for (const [index, { kind, to }] of grants.entries()) {
    const place = `body/grants/${String(index)}`;
    if (kind === 'role' && !ROLES.some((role) => role === to)) {
      refuse(`${place}/to is no role; there are ${ROLES.join(', ')}.`);
    }
    if (grantees.has(`${kind} ${to}`)) refuse(`${place} is for whom another grant is already; keep one of them.`);
    grantees.add(`${kind} ${to}`);
  }
}
