import { AsyncLocalStorage } from 'node:async_hooks';

/** The header that names the dashboard a request is for, so that its costs are told apart. */
export const DASHBOARD_HEADER = 'X-Lumina-Dashboard';
const DASHBOARD_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The dashboard that a header names; anything that is no id names none. */
export function namedDashboard(header: string | undefined): string | undefined {
  return DASHBOARD_ID.exec(header ?? '')?.[0];
}

const asking = new AsyncLocalStorage<string>();

/** Runs work for a dashboard: what it costs is counted for it. A read that several share is counted for the first. */
export function forDashboard<T>(dashboard: string | undefined, work: () => T): T {
  return dashboard === undefined ? work() : asking.run(dashboard, work);
}

/** The dashboard for which the running work is done, if it is for one. */
export function askingDashboard(): string | undefined {
  return asking.getStore();
}
