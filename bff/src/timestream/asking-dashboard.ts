import { AsyncLocalStorage } from 'node:async_hooks';

const asking = new AsyncLocalStorage<string>();

/** Runs work for a dashboard: what it costs is counted for it. A read that several share is counted for the first. */
export function forDashboard<T>(dashboard: string | undefined, work: () => T): T {
  return dashboard === undefined ? work() : asking.run(dashboard, work);
}

/** The dashboard for which the running work is done, if it is for one. */
export function askingDashboard(): string | undefined {
  return asking.getStore();
}
