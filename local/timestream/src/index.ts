import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { AdminPages } from './operations/admin.ts';
import { FaultPlan } from './operations/faults.ts';
import type { FaultSettings } from './operations/faults.ts';
import { ServerMetrics } from './operations/metrics.ts';
import { operationsOf } from './operations/operations.ts';
import { unknownOperation } from './protocol/request.ts';
import { createApiServer } from './protocol/server.ts';
import type { Dispatch } from './protocol/server.ts';
import { SERVICE_QUOTAS } from './quotas.ts';
import type { Quotas } from './quotas.ts';
import { Regions } from './store/regions.ts';

export type { Clock } from './clock.ts';
export type { Quotas } from './quotas.ts';
export type { Fault, FaultSettings } from './operations/faults.ts';

/** How to run a server. */
export type TimestreamLocalOptions = {
  /** 0 for a free port. */
  port: number;
  host: string;
  /** Folder of the data, one sub-folder per AWS region. */
  dataDir: string;
  clock?: Clock;
  /** Let results of several pages begin with an empty page, as the service may do; on unless set to false. */
  hasEmptyFirstPage?: boolean;
  /** When a query is given up; the service's limit of 60 s unless set. */
  queryTimeoutMs?: number;
  /** What DuckDB may use in memory, in MB, per region; what needs more goes to the disk or fails. 512 unless set. */
  memoryLimitMb?: number;
  /** Smaller quotas than the service's, to meet them in tests. */
  quotas?: Partial<Quotas>;
  /** Gets errors that the client only sees as InternalServerException. */
  onError?: (error: unknown) => void;
};

/** A running server. */
export type TimestreamLocal = {
  url: string;
  /** Deletes at once what is older than its table's retention, and answers how many records that were; else it happens every minute. */
  deleteExpired: () => Promise<number>;
  /** Replaces everything that is to go wrong. */
  setFaults: (settings: FaultSettings) => void;
  close: () => Promise<void>;
};

/** Starts a local server with the wire protocol of Amazon Timestream for LiveAnalytics. */
export async function startTimestreamLocal(options: TimestreamLocalOptions): Promise<TimestreamLocal> {
  const clock = options.clock ?? systemClock;
  const onError =
    options.onError ??
    ((error: unknown) => {
      console.error(error);
    });
  const faults = new FaultPlan(clock);
  const regions = new Regions({
    dataDir: options.dataDir,
    clock,
    memoryLimitMb: options.memoryLimitMb ?? DEFAULT_MEMORY_LIMIT_MB,
    quotas: { ...SERVICE_QUOTAS, ...options.quotas },
    visibilityLagMs: () => faults.current.visibilityLagMs,
  });
  const operations = operationsOf({
    clock,
    hasEmptyFirstPage: options.hasEmptyFirstPage ?? true,
    timeoutMs: options.queryTimeoutMs ?? DEFAULT_QUERY_TIMEOUT_MS,
  });
  const metrics = new ServerMetrics();
  const pages = new AdminPages(faults, metrics);
  const dispatch: Dispatch = async (request) => {
    const operation = operations.get(request.operation);
    if (operation === undefined) throw unknownOperation(request.operation);
    return metrics.observe(request.operation, () =>
      faults.run(request.operation, async () =>
        operation({ request, body: request.body, region: await regions.get(request.region), clock, metrics }),
      ),
    );
  };
  const server = createApiServer({
    dispatch,
    pages: (method, path, body) => pages.answer(method, path, body),
    report: onError,
  });
  try {
    await regions.openExisting();
    server.listen(options.port, options.host);
    await once(server, 'listening');
  } catch (error) {
    await regions.close();
    throw error;
  }
  return running(server, options.host, regions, faults, onError);
}

/** The handle of a server that listens. */
function running(
  server: Server,
  host: string,
  regions: Regions,
  faults: FaultPlan,
  onError: (error: unknown) => void,
): TimestreamLocal {
  const { port } = server.address() as AddressInfo;
  const retention = setInterval(() => {
    regions.deleteExpired().catch(onError);
  }, RETENTION_EVERY_MS);
  retention.unref();
  return {
    url: `http://${host}:${port}`,
    deleteExpired: () => regions.deleteExpired(),
    setFaults: (settings) => {
      faults.set(settings);
    },
    close: async () => {
      clearInterval(retention);
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cutOff = setTimeout(() => {
        server.closeAllConnections();
      }, CLOSE_GRACE_MS);
      await closed;
      clearTimeout(cutOff);
      await regions.close();
    },
  };
}

// Calls under way may finish; after that their connections are cut.
const CLOSE_GRACE_MS = 2000;
const RETENTION_EVERY_MS = 60_000;
const DEFAULT_QUERY_TIMEOUT_MS = 60_000;
const DEFAULT_MEMORY_LIMIT_MB = 512;
